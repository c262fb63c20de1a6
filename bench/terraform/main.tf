# What `baker launch` makes, made by Terraform: the same things of the same names (but for the interfaces, see below), from the plan and the user-data that `baker render` wrote.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "out" {
  description = "The folder that `baker render` wrote."
}

variable "root_password" {
  sensitive = true
}

locals {
  plan     = jsondecode(file("${var.out}/plan.json"))
  name     = local.plan.name
  zone     = "${local.plan.cloud.region}a"
  machines = { for machine in local.plan.machines : machine.role => machine }
  subnets  = { for subnet in local.plan.network.subnets : subnet.name => subnet }
  # As in Baker's security groups: a rule between two machines opens both of them.
  open = concat(
    [for rule in local.plan.access : { egress = false, group = rule.to, peer = rule.from_role_name, cidr = null, port = rule.port, protocol = "tcp" } if rule.from_role_name != null],
    [for rule in local.plan.access : { egress = true, group = rule.from_role_name, peer = rule.to, cidr = null, port = rule.port, protocol = "tcp" } if rule.from_role_name != null],
    flatten([for rule in local.plan.access : [for cidr in rule.networks : { egress = false, group = rule.to, peer = null, cidr = cidr, port = rule.port, protocol = "tcp" }]]),
    [for rule in local.plan.egress : { egress = true, group = rule.role, peer = null, cidr = "0.0.0.0/0", port = rule.port, protocol = rule.protocol }],
  )
  rules = { for rule in distinct(local.open) : join(" ", [rule.egress, rule.group, rule.protocol, rule.port, coalesce(rule.peer, rule.cidr)]) => rule }
}

provider "aws" {
  region = local.plan.cloud.region
  default_tags {
    tags = { "baker:id" = local.plan.id, "baker:stack" = local.name, "baker:host" = local.plan.stack.git_lab_host }
  }
}

data "aws_ami" "ubuntu" {
  most_recent = true
  owners      = ["099720109477"]
  filter {
    name   = "name"
    values = ["ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*"]
  }
}

resource "aws_vpc" "stack" {
  cidr_block = local.plan.network.cidr
  tags       = { Name = local.name }
}

resource "aws_internet_gateway" "stack" {
  vpc_id = aws_vpc.stack.id
  tags   = { Name = local.name }
}

resource "aws_subnet" "stack" {
  for_each          = local.subnets
  vpc_id            = aws_vpc.stack.id
  cidr_block        = each.value.cidr
  availability_zone = local.zone
  tags              = { Name = each.key }
}

resource "aws_eip" "nat" {
  domain = "vpc"
  tags   = { Name = "${local.name}-nat" }
}

resource "aws_nat_gateway" "stack" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.stack["${local.name}-public"].id
  tags          = { Name = "${local.name}-nat" }
  depends_on    = [aws_internet_gateway.stack]
}

resource "aws_route_table" "stack" {
  for_each = local.subnets
  vpc_id   = aws_vpc.stack.id
  route {
    cidr_block     = "0.0.0.0/0"
    gateway_id     = each.value.is_public ? aws_internet_gateway.stack.id : null
    nat_gateway_id = each.value.is_public ? null : aws_nat_gateway.stack.id
  }
  tags = { Name = each.key }
}

resource "aws_route_table_association" "stack" {
  for_each       = local.subnets
  subnet_id      = aws_subnet.stack[each.key].id
  route_table_id = aws_route_table.stack[each.key].id
}

resource "aws_security_group" "machine" {
  for_each    = local.machines
  name        = each.value.name
  description = "${each.key} of the stack ${local.name}"
  vpc_id      = aws_vpc.stack.id
  tags        = { Name = each.value.name }
}

resource "aws_vpc_security_group_ingress_rule" "machine" {
  for_each                     = { for key, rule in local.rules : key => rule if !rule.egress }
  security_group_id            = aws_security_group.machine[each.value.group].id
  ip_protocol                  = each.value.protocol
  from_port                    = each.value.port
  to_port                      = each.value.port
  cidr_ipv4                    = each.value.cidr
  referenced_security_group_id = each.value.peer == null ? null : aws_security_group.machine[each.value.peer].id
}

resource "aws_vpc_security_group_egress_rule" "machine" {
  for_each                     = { for key, rule in local.rules : key => rule if rule.egress }
  security_group_id            = aws_security_group.machine[each.value.group].id
  ip_protocol                  = each.value.protocol
  from_port                    = each.value.port
  to_port                      = each.value.port
  cidr_ipv4                    = each.value.cidr
  referenced_security_group_id = each.value.peer == null ? null : aws_security_group.machine[each.value.peer].id
}

resource "aws_ssm_parameter" "root_password" {
  name  = "/baker/${local.name}/root-password"
  type  = "SecureString"
  value = var.root_password
}

# With the interface that EC2 makes for it; Baker makes one beforehand, which outlives its machine. Terraform cannot remove such a one
# on moto, where it stays with a machine that has ended.
resource "aws_instance" "machine" {
  for_each                = local.machines
  ami                     = data.aws_ami.ubuntu.id
  instance_type           = each.value.type
  subnet_id               = aws_subnet.stack[each.value.subnet].id
  private_ip              = each.value.address
  vpc_security_group_ids  = [aws_security_group.machine[each.key].id]
  iam_instance_profile    = each.value.identity
  disable_api_termination = each.value.data_gb != null
  user_data_base64        = filebase64("${var.out}/cloud-init/${each.key}.yaml${fileexists("${var.out}/cloud-init/${each.key}.yaml.gz") ? ".gz" : ""}")
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
  root_block_device {
    volume_type = "gp3"
    volume_size = each.value.disk_gb
    encrypted   = true
    tags        = { Name = each.value.name }
  }
  tags       = { Name = each.value.name, "baker:role" = each.key }
  depends_on = [aws_route_table_association.stack, aws_vpc_security_group_egress_rule.machine, aws_vpc_security_group_ingress_rule.machine]
}

resource "aws_eip" "gitlab" {
  domain     = "vpc"
  instance   = aws_instance.machine["gitlab"].id
  tags       = { Name = local.machines.gitlab.name }
  depends_on = [aws_internet_gateway.stack]
}

resource "aws_ebs_volume" "data" {
  availability_zone = local.zone
  size              = local.machines.gitlab.data_gb
  type              = "gp3"
  encrypted         = true
  tags              = { Name = "${local.machines.gitlab.name}-data" }
}

resource "aws_volume_attachment" "data" {
  device_name = "/dev/sdf"
  instance_id = aws_instance.machine["gitlab"].id
  volume_id   = aws_ebs_volume.data.id
}
