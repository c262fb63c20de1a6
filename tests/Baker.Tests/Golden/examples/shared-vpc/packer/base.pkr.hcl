variable "base" {
  type        = string
  default     = ""
  description = "The stock image to start from, as baker bake finds it. Empty: the newest."
}
