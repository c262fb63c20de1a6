# Written by Baker: the AMI of role "gitlab". Holds what is installed, nothing of one stack's VM and no secret.
source "amazon-ebs" "gitlab" {
  region          = "ap-northeast-1"
  instance_type   = "t3.large"
  ami_name        = join("", ["baker-duo-gitlab-<fingerprint of gitlab>-", formatdate("YYYYMMDDhhmmss", timestamp())])
  ami_description = "baker-duo-gitlab"
  ena_support     = true
  imds_support    = "v2.0"
  communicator    = "ssh"
  ssh_username    = "ubuntu"
  ssh_timeout     = "15m"

  ssh_interface                             = "public_ip"
  associate_public_ip_address               = true
  temporary_security_group_source_public_ip = true

  temporary_key_pair_type   = "ed25519"
  ssh_clear_authorized_keys = true

  # Empty: the newest that the filter finds. Given, it must be one of those.
  source_ami = var.base
  source_ami_filter {
    owners      = ["099720109477"] # Canonical
    most_recent = true
    filters = {
      name                = "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*"
      architecture        = "x86_64"
      root-device-type    = "ebs"
      virtualization-type = "hvm"
    }
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  launch_block_device_mappings {
    device_name           = "/dev/sda1"
    volume_type           = "gp3"
    volume_size           = "50"
    iops                  = 3000
    throughput            = 125
    encrypted             = true
    delete_on_termination = true
  }

  # Images with models are large: an hour instead of the usual ten minutes.
  aws_polling {
    delay_seconds = 15
    max_attempts  = 240
  }

  tags = {
    "Name"              = "baker-duo-gitlab"
    "baker:stack"       = "duo"
    "baker:role"        = "gitlab"
    "baker:id"          = "3f3195f2e814"
    "baker:base"        = "{{ .SourceAMI }}"
    "baker:fingerprint" = "<fingerprint of gitlab>"
  }
  # The builder is no machine of the stack: it is found by a mark of its own.
  run_tags = {
    "Name"       = "baker-duo-gitlab"
    "baker:bake" = "3f3195f2e814"
  }
  run_volume_tags = {
    "Name"       = "baker-duo-gitlab"
    "baker:bake" = "3f3195f2e814"
  }
  snapshot_tags = {
    "Name"        = "baker-duo-gitlab"
    "baker:stack" = "duo"
    "baker:role"  = "gitlab"
    "baker:id"    = "3f3195f2e814"
  }
}

build {
  name    = "gitlab"
  sources = ["source.amazon-ebs.gitlab"]

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
