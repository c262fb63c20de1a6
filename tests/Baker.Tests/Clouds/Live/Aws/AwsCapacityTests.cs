using Amazon.EC2;
using Amazon.EC2.Model;
using Baker.Cli;
using Baker.Tests.Launching;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>A machine with a GPU is given up only when room is kept for what comes after it, or when somebody accepts that none is.</summary>
public sealed class AwsCapacityTests
{
    private const string Type = "g4dn.xlarge";

    private static readonly string[] Launch = ["launch", "--yes", "--no-wait", "--break-lock"], Replace = [.. Launch, "--replace", "ollama"], Risk = [.. Launch, "--risk-capacity"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_and_a_replacement_get_the_GPU_again_that_everybody_wants()
    {
        using var account = await LaunchedAsync();
        account.Instances.Contested.Add(Type);
        var before = account.Requests.Count;
        var said = await DoneAsync(account, account.ChangedSpec, Launch);
        Assert.Contains("note: duo-ollama is stopped for a while: room for its g4dn.xlarge is reserved until it runs again, for two hours at most", said, StringComparison.Ordinal);
        var asked = account.Requests.Skip(before).Select(r => r.Action).ToList();
        int[] order = [.. new[] { "CreateCapacityReservation", "StopInstances", "ModifyInstanceCapacityReservationAttributes", "StartInstances", "CancelCapacityReservation" }.Select(a => asked.IndexOf($"ec2:{a}"))];
        Assert.DoesNotContain(-1, order);
        Assert.Equal(order.Order(), order);
        var reservation = Assert.Single(account.Things, t => t.Kind == "capacity-reservation");
        Assert.Equal(("cancelled", "targeted", "limited", Type, "Linux/UNIX", "ap-northeast-1a"), (reservation.Text("State"), reservation.Text("InstanceMatchCriteria"),
            reservation.Text("EndDateType"), reservation.Text("InstanceType"), reservation.Text("InstancePlatform"), reservation.Text("AvailabilityZone")));
        Assert.Equal(("duo-ollama", "3f3195f2e814", "platform"), (reservation.Tag("Name"), reservation.Tag("baker:id"), reservation.Tag("team")));
        // Its machine still names it, and is changed once more, and stopped and started.
        account.Instances.SoldOut.Clear();
        await DoneAsync(account, account.Spec, Launch);
        account.Instances.SoldOut.Clear();
        await DoneAsync(account, account.Spec, Replace);
        Assert.Equal(3, account.Things.Count(t => t.Kind == "capacity-reservation" && t.Text("State") == "cancelled"));
        account.Instances.Contested.Clear();
        account.Instances.SoldOut.Clear();
        var warned = await DoneAsync(account, account.Spec, "stop");
        Assert.Contains("duo-ollama gives its g4dn.xlarge back", warned, StringComparison.Ordinal);
        // Also for whoever starts it by hand.
        Assert.Equal("open", Ollama(account).Text("CapacityReservationSpecification.CapacityReservationPreference"));
        await DoneAsync(account, account.Spec, "start", "--no-wait");
    }

    [Theory]
    [InlineData("quota", "VcpuLimitExceeded: it counts beside the machine that runs, and the account may have no more\n  a g4dn.xlarge takes 4 virtual CPUs"), InlineData("room", "InsufficientInstanceCapacity"),
     InlineData("right", "UnauthorizedOperation"), InlineData("failed", "is failed")]
    public async Task Where_no_room_is_kept_nothing_is_touched_unless_somebody_accepts_it(string why, string words)
    {
        foreach (var replaces in new[] { false, true })
        {
            using var account = await LaunchedAsync();
            if (why == "quota")
                account.Instances.Quotas.Most["L-DB2E81BA"] = 4;
            if (why == "room")
                account.Instances.SoldOut.Add(("ap-northeast-1a", Type));
            if (why == "right")
                account.Refuses = (action, _) => action == "ec2:CreateCapacityReservation" ? new Ec2Refusal("UnauthorizedOperation", "You are not authorized to perform this operation.", 403) : null;
            if (why == "failed")
                account.Instances.Reservations.Becoming.Enqueue("failed");
            var (spec, command) = replaces ? (account.Spec, Replace) : (account.ChangedSpec, Launch);
            var (before, asked) = (account.Inventory, account.Requests.Count);
            var run = await account.RunAsync(spec, command);
            Assert.Equal(ExitCode.Refused, run.Code);
            Assert.Contains("error: duo-ollama is left as it is, as no room can be kept for it: reserving a g4dn.xlarge in ap-northeast-1a for duo-ollama: ", run.Error, StringComparison.Ordinal);
            Assert.Contains(words, run.Error, StringComparison.Ordinal);
            Assert.Contains("`--risk-capacity` does it all the same", run.Error, StringComparison.Ordinal);
            Assert.Equal(before, account.Inventory);
            Assert.DoesNotContain(account.Requests.Skip(asked), r => r.Action is "ec2:StopInstances" or "ec2:TerminateInstances" or "ec2:CreateTags" or "ssm:DeleteParameters" || (r.Action.StartsWith("ssm:Put", StringComparison.Ordinal) && !r.Body.Contains("lock-", StringComparison.Ordinal)));
            account.Instances.SoldOut.Clear();
            if (why == "failed")
                account.Instances.Reservations.Becoming.Enqueue("failed");
            Assert.Contains("no room is kept for it: ", why == "room" ? "no room is kept for it: " : await DoneAsync(account, spec, [.. command, "--risk-capacity"]), StringComparison.Ordinal);
        }
    }

    [Theory, InlineData("StartInstances"), InlineData("RunInstances")]
    public async Task A_machine_that_finds_no_room_is_tried_again_with_a_word_each_time(string action)
    {
        using var account = await LaunchedAsync();
        var left = 3;
        account.Refuses = (asked, body) => asked == $"ec2:{action}" && !body.Contains("DryRun", StringComparison.Ordinal) && left-- > 0 ? NoRoom : null;
        var began = account.Time.GetUtcNow();
        var said = await DoneAsync(account, account.ChangedSpec, action == "StartInstances" ? Launch : [.. Launch, "--replace", "ollama"]);
        Assert.Matches("no (g4dn|t3|c6i).[a-z]+ is left just now \\(try 1\\); again in a minute, until [0-9]{2}:[0-9]{2} UTC", said);
        Assert.True(account.Time.GetUtcNow() - began > TimeSpan.FromMinutes(1));
        Assert.Contains("no change", await DoneAsync(account, account.ChangedSpec, Launch), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_the_end_it_says_what_stands_and_how_to_go_on()
    {
        using var account = await LaunchedAsync();
        account.Instances.Quotas.Most["L-DB2E81BA"] = 4;
        account.Instances.Contested.Add(Type);
        var began = account.Time.GetUtcNow();
        var run = await account.RunAsync(account.ChangedSpec, [.. Risk, "--timeout", "5"]);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.InRange((account.Time.GetUtcNow() - began).TotalMinutes, 4, 9);
        Assert.Contains("error: duo-ollama found no room in 5 minutes: starting duo-ollama: InsufficientInstanceCapacity", run.Error, StringComparison.Ordinal);
        Assert.Contains("the next `baker launch` goes on from here and tries again", run.Error, StringComparison.Ordinal);
        Assert.Contains("machine duo-ollama (g4dn.xlarge with 1 × T4 16 GB, stopped)", run.Error, StringComparison.Ordinal);
        Assert.Contains("It is billed until `baker destroy`", run.Error, StringComparison.Ordinal);
        var start = await account.RunAsync(account.ChangedSpec, "start", "--no-wait", "--timeout", "3");
        Assert.Contains("duo-ollama found no room in 3 minutes", start.Error, StringComparison.Ordinal);
        Assert.Contains("machine duo-ollama (g4dn.xlarge with 1 × T4 16 GB, stopped)", start.Error, StringComparison.Ordinal);
        account.Instances.SoldOut.Clear();
        await DoneAsync(account, account.ChangedSpec, Launch);
        Assert.Contains("no change", await DoneAsync(account, account.ChangedSpec, Launch), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reservation_that_was_left_is_listed_used_and_given_back()
    {
        using var account = await LeftAsync();
        var id = account.Things.Single(t => t.Kind == "capacity-reservation").Id;
        var status = await account.RunAsync(account.ChangedSpec, "status");
        Assert.Matches($"capacity reservation {id} for duo-ollama: of a g4dn.xlarge in ap-northeast-1a, billed until 2026-01-01 [0-9:]+ UTC at the latest", status.Out);
        Assert.Contains($"\"reservations\":[{{\"id\":\"{id}\"", (await account.RunAsync(account.ChangedSpec, "status", "--json")).Out, StringComparison.Ordinal);
        Assert.Contains($"  - capacity reservation {id}: an earlier run left it for duo-ollama", (await account.RunAsync(account.ChangedSpec, "launch")).Error, StringComparison.Ordinal);
        // Nobody could make a second one.
        account.Instances.Quotas.Most["L-DB2E81BA"] = 8;
        account.Instances.Contested.Add(Type);
        await DoneAsync(account, account.ChangedSpec, Launch);
        Assert.Equal((id, "cancelled"), (Assert.Single(account.Things, t => t.Kind == "capacity-reservation").Id, account.Things.Single(t => t.Kind == "capacity-reservation").Text("State")));
    }

    [Fact]
    public async Task It_is_given_back_where_nothing_needs_it_and_by_destroy()
    {
        using var account = await LeftAsync();
        Assert.Contains("is cancelled", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        Assert.Contains("no change", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        using var other = await LeftAsync();
        Assert.Contains("  - capacity reservation duo-ollama cr-", await DoneAsync(other, other.Spec, "destroy", "--yes", "--delete-data", "--release-address"), StringComparison.Ordinal);
        Assert.All(new[] { account, other }, a => Assert.Equal("cancelled", a.Things.Single(t => t.Kind == "capacity-reservation").Text("State")));
    }

    [Fact]
    public async Task One_that_ended_is_made_anew()
    {
        using var account = await LeftAsync();
        await Task.Delay(TimeSpan.FromHours(4), account.Time, Cancel);
        account.Instances.Contested.Add(Type);
        await DoneAsync(account, account.ChangedSpec, Launch);
        Assert.Equal(["cancelled", "expired"], account.Things.Where(t => t.Kind == "capacity-reservation").Select(t => t.Text("State")!).Order(StringComparer.Ordinal));
    }

    /// <summary>The room is there before the machine stops, and somebody finds both.</summary>
    [Fact]
    public async Task The_GPU_is_not_lost_wherever_a_change_or_a_replacement_is_killed()
    {
        foreach (var replaces in new[] { false, true })
        {
            using var reference = await LaunchedAsync();
            var before = reference.Calls;
            await DoneAsync(reference, reference.ChangedSpec, replaces ? Replace : Launch);
            var (calls, wanted) = (reference.Calls - before, reference.Inventory);
            await Parallel.ForEachAsync(Enumerable.Range(1, calls), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (at, _) =>
            {
                using var account = await LaunchedAsync();
                account.Instances.Contested.Add(Type);
                (account.FaultAt, account.FaultKind) = (account.Calls + at, Fault.Kill);
                await account.RunAsync(account.ChangedSpec, replaces ? Replace : Launch);
                account.FaultAt = 0;
                await DoneAsync(account, account.ChangedSpec, [.. Launch, "--timeout", "10"]);
                Assert.True(wanted.SequenceEqual(account.Inventory), $"killed at call {at}:\n{string.Join('\n', account.Inventory)}\n\nwanted:\n{string.Join('\n', wanted)}");
            });
            TestContext.Current.TestOutputHelper?.WriteLine($"a kill at each of {calls} calls");
        }
    }

    /// <summary>What EC2 refuses, the pretended one does.</summary>
    [Fact]
    public async Task The_pretended_region_refuses_what_EC2_refuses()
    {
        using var account = await LaunchedAsync();
        var ec2 = account.Border(_ => { }).Ec2;
        CreateCapacityReservationRequest Good() => new() { AvailabilityZone = "ap-northeast-1a", InstanceType = Type, InstancePlatform = CapacityReservationInstancePlatform.LinuxUNIX, InstanceCount = 1 };
        async Task RefusedAsync(string code, Action<CreateCapacityReservationRequest> change)
        {
            var request = Good();
            change(request);
            Assert.Equal(code, (await Assert.ThrowsAsync<AmazonEC2Exception>(() => ec2.CreateCapacityReservationAsync(request, Cancel))).ErrorCode);
        }
        await RefusedAsync("MissingParameter", r => r.InstanceType = null);
        await RefusedAsync("MissingParameter", r => r.InstanceCount = null);
        await RefusedAsync("MissingParameter", r => r.InstancePlatform = null);
        await RefusedAsync("MissingParameter", r => r.AvailabilityZone = null);
        await RefusedAsync("InvalidParameterCombination", r => r.EndDateType = EndDateType.Limited);
        await RefusedAsync("InvalidParameterCombination", r => r.EndDate = account.Time.GetUtcNow().UtcDateTime.AddHours(1));
        await RefusedAsync("InvalidParameterValue", r => (r.EndDateType, r.EndDate) = (EndDateType.Limited, account.Time.GetUtcNow().UtcDateTime.AddHours(-1)));
        await RefusedAsync("InvalidParameterValue", r => r.InstanceCount = 1001);
        await RefusedAsync("VcpuLimitExceeded", _ => account.Instances.Quotas.Most["L-DB2E81BA"] = 4);
        account.Instances.Quotas.Most["L-DB2E81BA"] = 8;
        var machine = Ollama(account).Id;
        var made = (await ec2.CreateCapacityReservationAsync(Good(), Cancel)).CapacityReservation.CapacityReservationId;
        await Task.Delay(TimeSpan.FromSeconds(5), account.Time, Cancel);
        var aim = new ModifyInstanceCapacityReservationAttributesRequest
        {
            InstanceId = machine,
            CapacityReservationSpecification = new CapacityReservationSpecification { CapacityReservationTarget = new CapacityReservationTarget { CapacityReservationId = made } },
        };
        Assert.Equal("IncorrectInstanceState", (await Assert.ThrowsAsync<AmazonEC2Exception>(() => ec2.ModifyInstanceCapacityReservationAttributesAsync(aim, Cancel))).ErrorCode);
        await ec2.StopInstancesAsync(new StopInstancesRequest { InstanceIds = [machine] }, Cancel);
        await Task.Delay(TimeSpan.FromMinutes(1), account.Time, Cancel);
        await ec2.ModifyInstanceCapacityReservationAttributesAsync(aim, Cancel);
        await ec2.CancelCapacityReservationAsync(new CancelCapacityReservationRequest { CapacityReservationId = made }, Cancel);
        Assert.Equal("ReservationCapacityExceeded", (await Assert.ThrowsAsync<AmazonEC2Exception>(() => ec2.StartInstancesAsync(new StartInstancesRequest { InstanceIds = [machine] }, Cancel))).ErrorCode);
        aim.CapacityReservationSpecification.CapacityReservationTarget.CapacityReservationId = "cr-0000000000000dead";
        Assert.Equal("InvalidCapacityReservationId.NotFound", (await Assert.ThrowsAsync<AmazonEC2Exception>(() => ec2.ModifyInstanceCapacityReservationAttributesAsync(aim, Cancel))).ErrorCode);
        // And Baker starts it nevertheless.
        await DoneAsync(account, account.Spec, "start", "--no-wait");
    }

    private static Ec2Refusal NoRoom => new("InsufficientInstanceCapacity", "We currently do not have sufficient capacity in the Availability Zone you requested.", 500);

    private static Ec2Thing Ollama(AwsFakeAccount account) => account.Things.Single(t => t.Kind == "instance" && t.Tag("Name") == "duo-ollama" && t.Text("State.Name") is "running" or "stopped");

    private static async Task<AwsFakeAccount> LaunchedAsync()
    {
        var account = new AwsFakeAccount();
        await DoneAsync(account, account.Spec, Launch);
        return account;
    }

    /// <summary>A change that was cut off when room was kept, and the machine still ran.</summary>
    private static async Task<AwsFakeAccount> LeftAsync()
    {
        var account = await LaunchedAsync();
        account.Refuses = (action, _) => action == "ec2:StopInstances" ? new Ec2Refusal("UnauthorizedOperation", "You are not authorized to perform this operation.", 403) : null;
        var run = await account.RunAsync(account.ChangedSpec, Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Matches("stands: .*capacity reservation cr-[0-9a-f]+ \\(of a g4dn.xlarge", run.Error);
        account.Refuses = (_, _) => null;
        return account;
    }

    private static async Task<string> DoneAsync(AwsFakeAccount account, string spec, params string[] command)
    {
        var run = await account.RunAsync(spec, command);
        Assert.True(run.Code == ExitCode.Done, $"{string.Join(' ', command)}: exit code {run.Code}\n{run.Error}");
        return run.Error;
    }
}
