using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Baker.Diagnostics;
using Baker.Planning;
using Baker.Stack;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.House;

/// <summary>The table "Time limits" of docs/machine.md has every limit on a question's way that Baker sets, as the code has it.</summary>
public class TimeLimitsTests
{
    private static readonly ImmutableArray<ImmutableArray<string>> Rows =
        ManualTable.AllOf(ManualPage.Read("docs/machine.md")).Single(t => t.Section == "Time limits").Rows;

    /// <summary>Which row, in which script, and the words around its number.</summary>
    public static TheoryData<string, string, string> InScripts => new()
    {
        { "step `duo` waits for GitLab's API", "gitlab/configure/duo.rb", @"web\.read_timeout = (\d+)" },
        { "step `duo` asks the model through the gateway", "gitlab/configure/duo.rb", @"timeout: (\d+), allow_local_requests" },
        { "a look at a service of the gateway", "gateway/configure/health.py", @"(?m)^LIMIT = (\d+)$" },
        { "between two looks", "gateway/configure/ai-gateway", @"while sleep (\d+); do" },
        { "the gate asks GitLab and the model server", "gateway/configure/gate.py", @"timeout=(\d+)\)" },
        { "GitLab's maker is asked", "gitlab/configure/5-vendor.sh", @"curl .*-m (\d+) " },
    };

    private static readonly ImmutableDictionary<string, int> InProgram = new Dictionary<string, int>
    {
        ["GitLab waits for the gateway"] = TimeLimits.AnswerSeconds,
        ["the gateway waits for the model, questions of Chat"] = TimeLimits.AnswerSeconds,
        ["the filter waits for the model's next word"] = TimeLimits.FilterSeconds,
        ["`baker verify --ask` waits for the answer"] = TimeLimits.AnswerSeconds + TimeLimits.QueueSeconds,
    }.ToImmutableDictionary();

    [Fact]
    public void The_table_has_these_rows_and_no_other() => Assert.Equal(
        InProgram.Keys.Concat(InScripts.Select(s => s.Data.Item1)).Order(StringComparer.Ordinal), Rows.Select(r => r[0]).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(InScripts))]
    public void A_script_has_the_number_of_its_row(string row, string script, string words) =>
        Assert.Equal(Seconds(row), int.Parse(Assert.Single(Regex.Matches(MachineScripts.Text(script), words)).Groups[1].Value, CultureInfo.InvariantCulture));

    [Fact]
    public void The_program_has_the_numbers_of_its_rows() => Assert.All(InProgram, limit => Assert.Equal(Seconds(limit.Key), limit.Value));

    [Theory, InlineData("examples/aws.yaml"), InlineData("examples/gcp.yaml"), InlineData("examples/local.yaml")]
    public void Nobody_on_the_way_of_a_question_gives_up_before_GitLab_does(string example)
    {
        var plan = Planner.Plan(SpecReader.Read("baker.yaml", File.ReadAllBytes(Checkout.PathOf(example)), new DiagnosticBag()).Spec!);
        Assert.Equal($"{TimeLimits.AnswerSeconds}", plan.Machine("gateway").Value("answer_seconds"));
        Assert.Contains($"\"aiGatewayTimeoutSeconds\":{TimeLimits.AnswerSeconds}", plan.Machine("gitlab").Value("duo_settings"), StringComparison.Ordinal);
        Assert.Equal($"{TimeLimits.FilterSeconds}", plan.Machine("ollama").Value("filter_seconds"));
        Assert.True(TimeLimits.FilterSeconds > TimeLimits.AnswerSeconds);
        Assert.Contains("proxy_read_timeout ${filter_seconds}s;", MachineScripts.Text("ollama/configure/configure.sh"), StringComparison.Ordinal);
        Assert.Contains("-e \"AIGW_DUO_CHAT__MODEL_REQUEST_TIMEOUT=$answer_seconds\"", MachineScripts.Text("gateway/configure/ai-gateway"), StringComparison.Ordinal);
    }

    private static int Seconds(string row) => int.Parse(Rows.Single(r => r[0] == row)[1], CultureInfo.InvariantCulture);
}
