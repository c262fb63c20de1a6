# Written by Baker: the image of role "gitlab". Holds what is installed, nothing of one stack's VM and no secret.
source "googlecompute" "gitlab" {
  project_id              = "my-project"
  zone                    = "asia-northeast1-b"
  machine_type            = "e2-standard-2"
  source_image            = var.base # Empty: the newest of the family.
  source_image_family     = "ubuntu-2404-lts-amd64"
  source_image_project_id = ["ubuntu-os-cloud"]
  image_name              = join("", ["baker-duo-gitlab-<fingerprint of gitlab>-", formatdate("YYYYMMDDhhmmss", timestamp())])
  image_family            = "baker-duo-gitlab"
  instance_name           = join("", ["baker-duo-gitlab-<fingerprint of gitlab>-", formatdate("YYYYMMDDhhmmss", timestamp())])
  disk_name               = join("", ["baker-duo-gitlab-<fingerprint of gitlab>-", formatdate("YYYYMMDDhhmmss", timestamp())])
  image_storage_locations = ["asia-northeast1"] # Left out, it is the nearest group of regions.
  image_description       = join(" ", ["baker:id", "47130677809a"])
  disk_size               = "50"
  disk_type               = "pd-balanced"
  communicator            = "ssh"
  ssh_username            = "packer"
  ssh_timeout             = "15m"

  # The builder asks the cloud for nothing: no account, and a tag by which rules of the firewall can name it.
  disable_default_service_account = true
  tags                            = ["baker-builder"]

  # Making an image of a disk full of models takes longer than the usual five minutes.
  state_timeout = "40m"

  # Where a project switches OS Login on for all, this builder is without: it would refuse Packer's key.
  use_os_login = false
  metadata = {
    enable-oslogin         = "FALSE"
    block-project-ssh-keys = "TRUE"
  }

  temporary_key_pair_type = "ed25519"

  enable_secure_boot          = true
  enable_vtpm                 = true
  enable_integrity_monitoring = true

  # The builder is no machine of the stack: it is found by a mark of its own.
  labels = {
    baker-bake = "47130677809a"
  }

  image_labels = {
    baker-stack       = "duo"
    baker-role        = "gitlab"
    baker-id          = "47130677809a"
    baker-base        = var.base
    baker-fingerprint = "<fingerprint of gitlab>"
  }
}

build {
  name    = "gitlab"
  sources = ["source.googlecompute.gitlab"]

  # 2: finished with recoverable errors, which stock images have.
  provisioner "shell" {
    inline           = ["cloud-init status --wait"]
    valid_exit_codes = [0, 2]
  }

  provisioner "shell" {
    inline = ["install -d /tmp/baker"]
  }

  provisioner "file" {
    source      = join("", [path.root, "/", "gitlab", "/"])
    destination = "/tmp/baker"
  }

  provisioner "shell" {
    script          = "${path.root}/place.sh"
    execute_command = "chmod +x {{ .Path }}; {{ .Vars }} sudo -E bash '{{ .Path }}'"
  }

  # Ends with a reboot, so that drivers are made for the kernel that the image will boot.
  provisioner "shell" {
    script            = "${path.root}/upgrade.sh"
    execute_command   = "chmod +x {{ .Path }}; {{ .Vars }} sudo -E bash '{{ .Path }}'"
    expect_disconnect = true
  }

  provisioner "shell" {
    script          = "${path.root}/install.sh"
    execute_command = "chmod +x {{ .Path }}; {{ .Vars }} sudo -E bash '{{ .Path }}'"
    pause_before    = "20s"
    # Until the machine is back from its restart; machines with GPUs take longer than the usual five minutes.
    start_retry_timeout = "15m"
    timeout             = "3h"
  }

  provisioner "shell" {
    script          = "${path.root}/seal.sh"
    execute_command = "chmod +x {{ .Path }}; {{ .Vars }} sudo -E bash '{{ .Path }}'"
    skip_clean      = true
  }

  post-processor "manifest" {
    output     = join("", [path.root, "/", "gitlab", ".manifest.json"])
    strip_path = true
    custom_data = {
      role        = "gitlab"
      stack       = "duo"
      fingerprint = "<fingerprint of gitlab>"
    }
  }
}
