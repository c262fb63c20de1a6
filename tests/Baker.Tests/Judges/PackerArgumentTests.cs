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
