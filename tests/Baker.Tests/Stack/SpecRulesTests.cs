using Baker.Diagnostics;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Stack;

/// <summary>Specs that somebody would rightly write and no rule may refuse; and mistakes that must not be reported twice.</summary>
public class SpecRulesTests
{
    [Theory]
    [InlineData("mistral:instruct"), InlineData("qwen2.5-coder:7b"), InlineData("hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M"), InlineData("library/mistral:7b"),
     InlineData("registry.example.com:5000/team/codestral:22b-v0.1-q4_K_M"), InlineData("someone/model_1.5"), InlineData("deepseek-coder-v2:16b"), InlineData("gpt-oss:20b")]
    public void Every_model_that_Ollama_can_pull_is_taken(string model) =>
        Assert.Empty(Report.Of(SampleSpec.Aws(ollama: $"{{ machine: g6e.2xlarge, disk_gb: 100, models: ['{model}'] }}")).Errors);

    [Theory]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq6dJ8Yk0b5Wk0mJ2n0b0m7mZ0Gm0iVb1bYwO3N7c5e someone@example.com"),
     InlineData("sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIJq6dJ8Yk0b5Wk0mJ2n0b0m7mZ0Gm0iVb1bYwO3N7c5eAAAABHNzaDo= token"),
     InlineData("ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTY="), InlineData("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 me with blanks")]
    public void Every_kind_of_SSH_key_is_taken(string key) =>
        Assert.Empty(Report.Of(SampleSpec.Local(rest: $"ssh: {{ from: [192.0.2.0/24], keys: ['{key}'] }}")).Complaints);

    [Theory]
    [InlineData("mirrors: { proxy: 'http://proxy.example.com:3128', no_proxy: [.example.com, 10.0.0.0/8] }"),
     InlineData("mirrors: { ollama: 'https://mirror.example.com:8443/@scope/ollama' }"),
     InlineData("mirrors: { gateway_registry: 'registry.example.com:5000/mirror' }"),
     InlineData("tags: { contact: 'team:ops@example.com', 'cost centre': '4711', env: prod }"),
     InlineData("images: { use: baked, ollama: ami-0a1b2c3d4e5f67890, builder: { subnet: subnet-0a1b2c3d, access: ssm } }"),
     InlineData("kms_key: arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab"),
     InlineData("kms_key: 1234abcd-12ab-34cd-56ef-1234567890ab")]
    public void What_a_site_needs_is_taken(string rest) => Assert.Empty(Report.Of(SampleSpec.Aws(rest: rest)).Complaints);

    [Theory]
    [InlineData("llama3.1"), InlineData("llama3.1:latest")]
    public void Latest_is_the_tag_that_is_meant_when_none_is_written(string name) =>
        Assert.Empty(Report.Of(SampleSpec.Local(ollama: "{ models: [llama3.1] }").Replace("duo: {", $"duo: {{ model: '{name}',", StringComparison.Ordinal)).Complaints);

    [Theory]
    [InlineData("public_subnet: { id: subnet-0a1b2c3d4e5f67890, cidr: 10.20.0.0/24 }"), InlineData("# none")]
    public void An_internal_only_stack_may_have_one_subnet_for_everything(string publicSubnet) => Assert.Empty(Report.Of($$"""
        version: 1
        name: duo
        cloud: { aws: { region: eu-central-1 } }
        network:
          existing:
            network: vpc-0a1b2c3d4e5f67890
            {{publicSubnet}}
            private_subnet: { id: subnet-0a1b2c3d4e5f67890, cidr: 10.20.0.0/24 }
        gitlab:
          url: https://gitlab.corp.internal
          public_address: none
          tls: { private_ca: generate }
          license: { file: { vm_file: /root/license } }
          instance_profile: duo-gitlab
          address: 10.20.0.10
        gateway: { address: 10.20.0.20, instance_profile: duo-gateway }
        ollama: { address: 10.20.0.30, models: [llama3.1:8b] }
        duo: { accept_testing_terms: true }
        """).Complaints);

    [Theory]
    [InlineData("network: { cidr: 10.20.0.0/33 }\ngateway: { address: 10.20.1.20 }", "BKR110"),
     InlineData("network: { cidr: 10.20.0.0/24 }\ngateway: { address: 10.20.1.20 }", "BKR301"),
     InlineData("gateway: { address: 10.77.1.300 }", "BKR110"),
     InlineData("ssh: { from: [192.0.2.0/24], keys: [mine] }", "BKR110"),
     InlineData("ssh: { from: [everywhere], keys: ['ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7'] }", "BKR110"),
     InlineData("evaluation: yes\ngateway: { auth: bypass }", "BKR108")]
    public void One_mistake_is_one_report(string rest, string code) => Assert.Equal(code,
        Assert.Single(Report.Of(SampleSpec.Local(rest: rest)).Diagnostics, d => d.Message.Severity == Severity.Error).Message.Code);

    [Theory]
    [InlineData("version: 19.5.9", "gateway: { image: 'model gateway' }"), InlineData("version: nineteen", "gateway: { image: 'gitlab/model-gateway:self-hosted-v18.0.0-ee' }")]
    public void Versions_are_not_compared_with_what_could_not_be_read(string gitlab, string rest) =>
        Assert.Equal(["BKR110"], Report.Of(SampleSpec.Local(gitlab, rest: rest)).Codes);

    [Fact]
    public void A_model_is_not_looked_for_in_a_list_that_could_not_be_read() => Assert.Equal(["BKR110"],
        Report.Of(SampleSpec.Local(ollama: "{ models: ['not a model'] }").Replace("duo: {", "duo: { model: 'qwen3:8b',", StringComparison.Ordinal)).Codes);

    [Fact]
    public void Of_two_equal_addresses_the_one_that_was_written_is_reported()
    {
        var taken = Assert.Single(Report.Of(SampleSpec.Aws(rest: "gateway: { address: 10.77.1.30 }")).Complaints);
        Assert.Equal(("BKR305", "gateway.address"), (taken.Message.Code, taken.Path.Text));
    }
}
