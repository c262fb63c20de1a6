using System.Text;
using System.Text.RegularExpressions;
using Baker.Launching;
using Baker.Rendering;
using Baker.Tests.Rendering;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Launching;

/// <summary>What other user-data means to a VM: taken from its bytes, which may be of an earlier Baker.</summary>
public partial class UserDataChangeTests
{
    public static TheoryData<string> Clouds => ["aws", "gcp", "local"];

    [Theory, MemberData(nameof(Clouds))]
    public void Every_value_and_script_is_read_from_the_bytes_that_a_cloud_has(string cloud)
    {
        foreach (var data in ReviewMutationTests.Rendered(cloud, "").Artifacts.UserData)
        {
            var read = Read(data);
            Assert.Equal(data.Machine.Values.ToDictionary(v => v.Name, v => v.Value), read.Values.Remove("digest"));
            Assert.Equal(data.Digest, read.Values["digest"]);
            Assert.Contains("run", read.Scripts.Keys);
            Assert.Contains("\nprepare() {", read.Scripts["base.sh"], StringComparison.Ordinal);
        }
    }

    /// <summary>For every key that reaches a VM: the values, and the steps that are done again.</summary>
    [Fact]
    public void What_each_key_changes_on_a_VM()
    {
        var text = new StringBuilder();
        foreach (var (key, cloud, before, after) in ReviewMutationTests.Cases)
        {
            var (old, @new) = (ReviewMutationTests.Rendered(cloud, before).Artifacts.UserData, ReviewMutationTests.Rendered(cloud, after));
            text.Append($"{key}\n");
            foreach (var data in @new.Artifacts.UserData)
            {
                var change = UserDataChange.Between(Read(old.Single(o => o.Key == data.Key)), Read(data), data.Machine.Values);
                // Whether it goes as a bundle depends on how well the authorities of this run compress.
                Assert.Empty(change.Scripts.Where(s => s is not ("cloud.sh" or "unbundle" or "base.sh" or "run" or "secrets.sh" or "stored.sh")));
                foreach (var line in change.Values.IsEmpty ? [] : UserDataText.Of(change with { Scripts = [] }))
                    text.Append($"  {data.Key}: {line}\n");
            }
        }
        // The authorities of the cases are made anew at each run.
        Golden.Check(Digest().Replace(text.ToString(), "SHA-256 …"), "launching", "changes.txt");
    }

    [Fact]
    public void Scripts_of_another_Baker_are_named_with_the_steps_that_they_do_again()
    {
        var now = Read(ReviewMutationTests.Rendered("aws", "").Artifacts.UserData.Single(u => u.Role == "ollama"));
        var earlier = now with
        {
            Scripts = now.Scripts.SetItem("install.sh", now.Scripts["install.sh"].Replace("\nmodels() {\n", "\nmodels() {\n\t: earlier\n", StringComparison.Ordinal))
                .SetItem("ollama.service", "earlier").Remove("run"),
            Values = now.Values.SetItem("gone", "x"),
        };
        Assert.Equal(
            ["gone (from Baker itself): x → none", "other scripts: install.sh, ollama.service, run", "done again: ollama, models, service"],
            UserDataText.Of(UserDataChange.Between(earlier, now, [])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("#!/bin/sh\necho hello\n")]
    [InlineData("#cloud-config\nwrite_files: [")]
    [InlineData("#cloud-config\nwrite_files: hello\n")]
    [InlineData("#cloud-config\nwrite_files: [{ path: /etc/baker/values, content: \"a\" }]\n")]
    [InlineData("\u001f\u008b")]
    public void What_no_Baker_wrote_is_not_read(string text) => Assert.Null(UserDataContent.Read(Encoding.Latin1.GetBytes(text), _ => null));

    [GeneratedRegex("SHA-256 [0-9a-f]{12}…")]
    private static partial Regex Digest();

    private static UserDataContent Read(UserData data) =>
        UserDataContent.Read(data.Sent, folder => folder == data.Bundle?.Folder ? string.Concat(data.Bundle.Parts) : null)!;
}
