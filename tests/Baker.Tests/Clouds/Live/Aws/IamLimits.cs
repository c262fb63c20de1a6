using Baker.Cli;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>The policies that are rendered, and what holds for each of them.</summary>
internal static class IamLimits
{
    /// <summary>By IAM's reference: no action has everything that could have less, and each condition can hold.</summary>
    public static void Hold(string text)
    {
        foreach (var statement in new IamPolicy(text).Statements)
        {
            foreach (var action in statement.Actions)
            {
                Assert.DoesNotContain('*', action);
                var kinds = IamReference.Kinds(action);
                if (statement.Resources.Contains("*"))
                {
                    Assert.True(kinds.IsEmpty, $"{statement.Sid}: {action} can be limited to {string.Join(", ", kinds.Select(k => k.Kind))}");
                    Assert.All(statement.Conditions, c => Assert.True(IamReference.Knows(action, null, c.Key), $"{action} never has {c.Key}"));
                    continue;
                }
                var named = kinds.Where(k => statement.Resources.Any(r => IsOf(statement, action, k.Kind, r))).Select(k => k.Kind).ToArray();
                Assert.True(named.Any(k => statement.Conditions.All(c => c.Operator.EndsWith("IfExists", StringComparison.Ordinal) || IamReference.Knows(action, k, c.Key))), $"{statement.Sid}: {action} allows nothing");
            }
            Assert.All(statement.Resources.Where(r => r != "*"), r => Assert.Contains(statement.Actions, a => IamReference.Kinds(a).Any(k => IsOf(statement, a, k.Kind, r))));
        }
    }

    /// <summary>Every kind may be meant where the stack's own tag has to be there.</summary>
    private static bool IsOf(IamStatement statement, string action, string kind, string resource) => IamReference.IsOf(action, kind,
        statement.Conditions.Any(c => c is { Operator: "StringEquals", Key: "aws:RequestTag/baker:id" or "aws:ResourceTag/baker:id" }) ? resource.Replace(":*/*", $":{kind}/*", StringComparison.Ordinal) : resource);

    public static Task<string?> LaunchPolicyAsync(string spec) => PolicyAsync(spec, "launch");

    /// <summary>Null: the stack is on another cloud.</summary>
    public static async Task<string?> PolicyAsync(string spec, string name)
    {
        using var folder = new TemporaryFolder();
        folder.File("baker.yaml", spec);
        var run = await BakerRun.InAsync(folder.Path, "", "render", "baker.yaml");
        Assert.True(run.Code == ExitCode.Done, run.Error);
        var file = Directory.GetFiles(folder.Path, $"{name}.json", SearchOption.AllDirectories).SingleOrDefault();
        return file is null ? null : await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
    }
}
