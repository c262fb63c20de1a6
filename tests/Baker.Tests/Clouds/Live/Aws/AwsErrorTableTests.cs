using System.Text;
using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Clouds.Live;
using Baker.Clouds.Live.Aws.Border;
using Baker.Embedded;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>The table of AWS's codes: each line is answered by the pretended account, waited for or not, and said to a person.</summary>
public sealed class AwsErrorTableTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_line_is_reached_and_has_a_source()
    {
        Assert.All(AwsErrorTable.Rows, row =>
        {
            Assert.Same(row, AwsErrorTable.Rows.First(r => r.Fits(Action(row), Code(row), row.Words)));
            Assert.NotEmpty(row.Source);
        });
        var head = EmbeddedFiles.Read("tables/aws-errors.txt").Split("\nas of ")[0];
        Assert.All(AwsErrorTable.Rows.Select(r => r.Class).Append(AwsErrorClass.Input).Distinct(), c => Assert.Contains($"{Word(c)}", head, StringComparison.Ordinal));
        Assert.Equal(Enum.GetValues<AwsErrorClass>().Order(), AwsErrorTable.Rows.Select(r => r.Class).Distinct().Order());
    }

    [Fact]
    public async Task Every_line_is_waited_for_as_long_as_its_class_says_and_has_advice()
    {
        var said = new StringBuilder();
        foreach (var row in AwsErrorTable.Rows)
        {
            using var account = new AwsFakeAccount();
            var (action, status) = (Action(row), row.Class switch { AwsErrorClass.Broken or AwsErrorClass.Capacity => 500, AwsErrorClass.Throttled => 503, _ => 400 });
            account.Refuses = (asked, _) => asked == $"ec2:{action}" ? new Ec2Refusal(Code(row), row.Words.Length == 0 ? "AWS's words" : $"AWS's words: {row.Words}", status) : null;
            var border = account.Border(_ => { });
            var (ask, began) = (Ask(border.Ec2, action), account.Time.GetUtcNow());
            var refused = await Assert.ThrowsAsync<CloudException>(() => row.Class == AwsErrorClass.Lingering ? border.RemoveAsync("doing it", ask, TimeSpan.FromMinutes(1), Cancel)
                : border.SendAsync("doing it", async c =>
                {
                    await ask(c);
                    return true;
                }, Cancel));
            Assert.Equal((row.Class, AwsAdvice.Kind(row.Class)), (AwsErrors.Class(refused), refused.Failure));
            var (least, most) = row.Class switch
            {
                AwsErrorClass.Throttled or AwsErrorClass.Broken => (75, 95),
                // What this process has not made itself is not there.
                AwsErrorClass.Propagating when Code(row).EndsWith("NotFound", StringComparison.Ordinal) => (0, 1),
                AwsErrorClass.Propagating => (300, 320),
                AwsErrorClass.PropagatingIam => (120, 140),
                AwsErrorClass.Lingering => (60, 80),
                _ => (0, 1),
            };
            Assert.InRange((account.Time.GetUtcNow() - began).TotalSeconds, least, most);
            said.Append(System.Globalization.CultureInfo.InvariantCulture, $"{row.Action} {row.Code}: {Word(row.Class)}, {refused.Failure}\n{refused.Message}\n\n");
        }
        Golden.Check(said.ToString(), "aws", "refusals.txt");
    }

    private static string Action(AwsErrorRow row) => row.Action == "*" ? "DescribeVpcs" : row.Action;

    private static string Code(AwsErrorRow row) => row.Code.Replace("*", "InvalidThing", StringComparison.Ordinal);

    private static string Word(AwsErrorClass kind) => kind switch
    {
        AwsErrorClass.PropagatingIam => "propagating-iam",
        AwsErrorClass.SignedOut => "signed-out",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static Func<CancellationToken, Task> Ask(IAmazonEC2 ec2, string action)
    {
        var request = Activator.CreateInstance(typeof(DescribeVpcsRequest).Assembly.GetType($"Amazon.EC2.Model.{action}Request")!)!;
        var method = typeof(IAmazonEC2).GetMethod($"{action}Async", [request.GetType(), typeof(CancellationToken)])!;
        return cancel => (Task)method.Invoke(ec2, [request, cancel])!;
    }
}
