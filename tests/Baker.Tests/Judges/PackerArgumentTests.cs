using System.Text;
using Baker.Diagnostics;
using Baker.Planning;
using Baker.Rendering;
using Baker.Stack;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Judges;

public class PackerArgumentTests(RenderedExamples examples)
{
    public static TheoryData<string> Examples => [.. Checkout.Examples];

    [Theory, MemberData(nameof(Examples))]
    public void Builders_know_every_argument(string example)
    {
        // One file per machine, the plugins' own and the variable's; nothing where no image is built.
        var isLocal = Checkout.Read("examples", $"{example}.yaml").Contains("\n  local:", StringComparison.Ordinal);
        Assert.Equal(isLocal ? 0 : 5, examples.Packer(example).Length);
        foreach (var file in examples.Packer(example).Where(f => Path.GetFileName(f) is not ("plugins.pkr.hcl" or "base.pkr.hcl")))
        {
            var source = Assert.Single(HclReader.Read(File.ReadAllText(file)).Blocks, b => b.Type == "source");
            Assert.True(source.Arguments.Count > 5, $"only {source.Arguments.Count} arguments were read from {file}");
            Assert.Empty(PackerArguments.Unknown(source));
        }
    }

    [Theory]
    [InlineData("public", false, false)]
    [InlineData("iap", true, false)]
    [InlineData("os_login", false, true)]
    [InlineData("iap_os_login", true, true)]
    public void A_builder_on_Google_is_reached_as_the_spec_says(string access, bool iap, bool osLogin)
    {
        var spec = SpecReader.Read("baker.yaml", Encoding.UTF8.GetBytes($"{Checkout.Read("examples", "gcp.yaml")}images: {{ builder: {{ access: {access} }} }}\n"), new DiagnosticBag()).Spec!;
        var file = PackerFiles.Write(Planner.Plan(spec)).Single(f => f.Path == "packer/gateway.pkr.hcl");
        var text = Encoding.UTF8.GetString(file.Bytes.Span);
        Assert.Empty(PackerArguments.Unknown(Assert.Single(HclReader.Read(text).Blocks, b => b.Type == "source")));
        Assert.Equal(iap, text.Contains("use_iap          = true\n", StringComparison.Ordinal));
        Assert.Contains($"use_os_login = {(osLogin ? "true" : "false")}\n", text, StringComparison.Ordinal);
        Assert.Contains($"enable-oslogin         = \"{(osLogin ? "TRUE" : "FALSE")}\"\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_argument_is_noticed_at_every_depth()
    {
        var source = HclReader.Read("""
            # } not a brace
            source "amazon-ebs" "x" {
              regoin = "${path.root}/} # \" $${" # }
              tags = {
                free = "to be anything"
              }
              tag {
                name = "x"
              }
              aws_poling {
              }
              temporary_iam_instance_profile_policy_document {
                Statement {
                  Efect = ["Allow"]
                }
              }
            }

            """).Blocks.Single();
        Assert.Equal(
            [
                "amazon-ebs.regoin", "amazon-ebs.tag.name", "amazon-ebs.aws_poling",
                "amazon-ebs.temporary_iam_instance_profile_policy_document.Statement.Efect",
            ],
            PackerArguments.Unknown(source));
    }
}
