using Baker.Cli;
using Baker.Tests.Launching;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>Launches on AWS: what holds on every cloud, and what only EC2 does.</summary>
public sealed class AwsLaunchTests : LaunchContract<AwsFakeAccount>
{
    private static readonly string[] Launch = ["launch", "--yes", "--no-wait"];

    [Fact]
    public async Task A_sold_out_zone_is_left_with_nothing_in_it()
    {
        using var account = new AwsFakeAccount();
        account.Instances.SoldOut.Add(("ap-northeast-1a", "g4dn.xlarge"));
        Assert.Contains("trying the next zone", await DoneAsync(account, account.Spec, Launch), StringComparison.Ordinal);
        Assert.All(account.Things.Where(t => t.Kind is "instance" or "subnet" or "volume"), t => Assert.Equal("ap-northeast-1c", t.Text("AvailabilityZone") ?? t.Text("Placement.AvailabilityZone")));
    }

    [Fact]
    public async Task A_record_that_nobody_may_mend_is_no_lack_of_a_difference()
    {
        using var account = new AwsFakeAccount();
        var zone = account.PlantZone();
        await DoneAsync(account, account.Spec, Launch);
        zone.Put("A", "gitlab.example.com", "198.18.0.9");
        account.Denied.Add("route53:ChangeResourceRecordSets");
        var diff = await account.RunAsync(account.Spec, "diff");
        Assert.Equal(ExitCode.Different, diff.Code);
        Assert.Contains("  ! DNS record gitlab.example.com: A 198.18.0.9 stays: ", diff.Out, StringComparison.Ordinal);
        var said = await DoneAsync(account, account.Spec, Launch);
        Assert.DoesNotContain("no change", said, StringComparison.Ordinal);
        Assert.Contains("DNS record to make now: gitlab.example.com A ", said, StringComparison.Ordinal);
        Assert.Equal("198.18.0.9", zone.Find("A", "gitlab.example.com")!.Values[0]);
    }

    [Fact]
    public async Task A_start_that_breaks_inside_AWS_is_tried_again()
    {
        using var account = new AwsFakeAccount();
        account.Instances.BrokenStarts.Enqueue("Server.InternalError");
        await DoneAsync(account, account.Spec, Launch);
        Assert.Equal(3, account.Things.Count(t => t.Kind == "instance" && t.Text("State.Name") == "running"));
    }

    [Fact]
    public async Task A_start_that_the_account_prevents_says_why()
    {
        using var account = new AwsFakeAccount();
        account.Instances.BrokenStarts.Enqueue("Client.InternalError");
        var run = await account.RunAsync(account.Spec, Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("ended: Client.InternalError", run.Error, StringComparison.Ordinal);
        await DoneAsync(account, account.Spec, Launch);
    }

    [Fact]
    public async Task Throttling_delays_and_changes_nothing()
    {
        using var calm = new AwsFakeAccount();
        await DoneAsync(calm, calm.Spec, Launch);
        using var account = new AwsFakeAccount { ThrottleEvery = 5 };
        await DoneAsync(account, account.Spec, Launch);
        Assert.Equal(calm.Inventory, account.Inventory);
    }

    [Fact]
    public async Task Everything_carries_the_tags_of_the_stack()
    {
        using var account = new AwsFakeAccount();
        await DoneAsync(account, account.Spec + "tags: { team: platform }\n", Launch);
        Assert.All(account.Things.Where(t => t.Kind != "image" && !(t.Kind == "network-interface" && t.Text("PrivateIpAddress") == "10.77.0.5")), t =>
        {
            Assert.NotNull(t.Tag("baker:id"));
            Assert.NotNull(t.Tag("Name"));
            Assert.Equal("platform", t.Tag("team"));
        });
    }

    [Fact]
    public async Task No_secret_is_in_any_request_but_the_one_that_stores_it()
    {
        using var account = new AwsFakeAccount();
        await DoneAsync(account, account.Spec, Launch);
        var secret = account.Ssm.Parameters["/baker/duo/root-password"].Value;
        Assert.Equal(24, secret.Length);
        var with = account.Requests.Where(r => r.Body.Contains(secret, StringComparison.Ordinal));
        Assert.Equal(["ssm:PutParameter"], with.Select(r => r.Action));
    }

    /// <summary>What a launch of commit c9c962f, before there were bundles, left of each machine beside its digest.</summary>
    private static readonly string[] TagsBefore = ["Name=duo-ROLE", "baker:host=gitlab.example.com", "baker:id=3f3195f2e814", "baker:image=ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20261101", "baker:role=ROLE", "baker:stack=duo"];

    [Fact]
    public async Task A_stack_from_before_there_were_bundles_is_taken_over_as_it_is()
    {
        using var account = new AwsFakeAccount();
        await DoneAsync(account, account.Spec, Launch);
        foreach (var role in new[] { "gitlab", "gateway", "ollama" })
        {
            var machine = account.Things.Single(t => t.Kind == "instance" && t.Tag("Name") == $"duo-{role}");
            // What a machine runs was not on it then.
            if (machine.Tag("baker:release") is not null)
                Ec2Volumes.SetTags(machine.Body["Tags"]!.AsArray(), [], ["baker:release"]);
            var tags = machine.Body["Tags"]!.AsArray().Select(t => $"{t!["Key"]}={t["Value"]}").Where(t => !t.StartsWith("baker:digest=", StringComparison.Ordinal));
            Assert.Equal(TagsBefore.Select(t => t.Replace("ROLE", role, StringComparison.Ordinal)), tags.Order(StringComparer.Ordinal));
            // Its content through another compressor.
            account.Instances.Recompress(machine);
        }
        var (before, writes) = (account.Inventory, account.Writes);
        var isBundled = account.Ssm.Parameters.Keys.Any(k => k.Contains("/user-data/", StringComparison.Ordinal));
        // With the rights of then, where they are enough: nobody may list parameters or ask IAM.
        if (!isBundled)
            account.Denied.UnionWith(["ssm:GetParametersByPath", "ssm:DeleteParameters", "iam:GetInstanceProfile", "iam:SimulatePrincipalPolicy"]);
        var said = await DoneAsync(account, account.Spec, Launch);
        if (!isBundled)
            Assert.Contains("not checked: what earlier launches left below /baker/duo/user-data/", said, StringComparison.Ordinal);
        Assert.Contains("no change", said, StringComparison.Ordinal);
        Assert.Equal(before, account.Inventory);
        Assert.Equal(writes, account.Writes);
    }

    [Fact]
    public async Task User_data_arrives_byte_for_byte()
    {
        using var account = new AwsFakeAccount();
        await DoneAsync(account, account.Spec, Launch);
        using var folder = new TemporaryFolder();
        folder.File("baker.yaml", account.Spec);
        Assert.Equal(ExitCode.Done, (await BakerRun.InAsync(folder.Path, "", "render", "baker.yaml")).Code);
        foreach (var role in new[] { "gitlab", "gateway", "ollama" })
        {
            var plain = Path.Combine(folder.Path, "out", "duo", "cloud-init", $"{role}.yaml");
            var sent = await File.ReadAllBytesAsync(File.Exists($"{plain}.gz") ? $"{plain}.gz" : plain, TestContext.Current.CancellationToken);
            Assert.Equal(sent, Convert.FromBase64String(account.Instances.UserData(account.Things.Single(t => t.Kind == "instance" && t.Tag("Name") == $"duo-{role}"))));
        }
    }

    [Fact]
    public async Task What_is_missing_is_said_before_anything_is_made()
    {
        using var account = new AwsFakeAccount();
        account.Ssm.Parameters.Clear();
        account.Iam.Forget();
        var before = account.Inventory;
        var run = await account.RunAsync(account.Spec, Launch);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("the parameter /duo/activation-code is not there", run.Error, StringComparison.Ordinal);
        Assert.Contains("duo-gitlab", run.Error, StringComparison.Ordinal);
        Assert.Contains("Invalid IAM Instance Profile", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, account.Inventory);
    }

    [Fact]
    public async Task Destroy_keeps_a_last_snapshot_and_the_next_launch_goes_on_from_it()
    {
        using var account = new AwsFakeAccount();
        await DoneAsync(account, account.Spec, Launch);
        await DoneAsync(account, account.Spec, "destroy", "--yes");
        var snapshot = Assert.Single(account.Things, t => t.Kind == "snapshot");
        Assert.DoesNotContain(account.Things, t => t.Kind is "vpc" or "volume" or "elastic-ip");
        await DoneAsync(account, account.Spec, Launch);
        Assert.Equal(snapshot.Id, account.Things.Single(t => t.Kind == "volume" && t.Tag("Name") == "duo-gitlab-data").Text("SnapshotId"));
        // A backup that somebody's schedule took, with the tags of its volume.
        account.AddBackupOf(snapshot);
        await DoneAsync(account, account.Spec, "destroy", "--yes", "--delete-data");
        Assert.Equal("Created for policy: policy-1", Assert.Single(account.Things, t => t.Kind == "snapshot").Text("Description"));
        await DoneAsync(account, account.Spec, Launch);
        Assert.Null(account.Things.Single(t => t.Kind == "volume" && t.Tag("Name") == "duo-gitlab-data").Text("SnapshotId"));
    }

    [Fact]
    public async Task Destroy_keeps_what_is_on_the_disk_now_and_not_what_was_copied_before()
    {
        using var account = new AwsFakeAccount();
        await DoneAsync(account, account.Spec, Launch);
        var volume = account.Things.Single(t => t.Kind == "volume" && t.Tag("Name") == "duo-gitlab-data").Id;
        // A destroy that was cut off while it waited; then GitLab was used again, and a schedule took a backup.
        var begun = account.AddSnapshotOf(volume, "Last state of duo-gitlab-data, gitlab.example.com");
        var backup = account.AddBackupOf(begun);
        await DoneAsync(account, account.Spec, "destroy", "--yes");
        var left = account.Things.Where(t => t.Kind == "snapshot").Select(t => t.Id).ToArray();
        Assert.Equal(2, left.Length);
        Assert.Contains(backup.Id, left);
        Assert.DoesNotContain(begun.Id, left);
        await DoneAsync(account, account.Spec, Launch);
        Assert.Equal(left.Single(l => l != backup.Id), account.Things.Single(t => t.Kind == "volume" && t.Tag("Name") == "duo-gitlab-data").Text("SnapshotId"));
    }

    [Fact]
    public async Task A_stack_whose_machine_type_is_refused_now_can_still_be_looked_at_and_removed()
    {
        using var account = new AwsFakeAccount();
        await DoneAsync(account, account.Spec, Launch);
        var spec = account.Spec.Replace("  instance_profile:", "  machine: m6id.xlarge\n  instance_profile:", StringComparison.Ordinal);
        var launch = await account.RunAsync(spec, Launch);
        Assert.Equal(ExitCode.SpecWrong, launch.Code);
        Assert.Contains("BKR217", launch.Error, StringComparison.Ordinal);
        // No VM says anything here, so these are refused, and not for the spec.
        foreach (var command in new[] { "status", "verify" })
        {
            var run = await account.RunAsync(spec, command);
            Assert.Equal((ExitCode.Refused, false), (run.Code, run.Error.Contains("BKR217", StringComparison.Ordinal)));
        }
        foreach (var command in new[] { new[] { "stop" }, ["start", "--no-wait"], ["destroy", "--yes", "--delete-data", "--release-address"] })
            Assert.DoesNotContain("BKR217", await DoneAsync(account, spec, command), StringComparison.Ordinal);
        Assert.DoesNotContain(account.Things, t => t.Kind == "instance" && t.Text("State.Name") == "running");
    }

    [Fact]
    public async Task In_an_account_whose_lists_have_many_pages_all_is_found()
    {
        using var whole = new AwsFakeAccount();
        using var account = new AwsFakeAccount { PageSize = 2 };
        var empty = account.Inventory;
        foreach (var each in new[] { whole, account })
        {
            await DoneAsync(each, each.Spec, Launch);
            await DoneAsync(each, each.ChangedSpec, Launch);
            Assert.Contains("no change", await DoneAsync(each, each.ChangedSpec, Launch), StringComparison.Ordinal);
            await DoneAsync(each, each.ChangedSpec, "stop");
            await DoneAsync(each, each.ChangedSpec, "start", "--no-wait");
        }
        Assert.Equal(whole.Inventory, account.Inventory);
        await DoneAsync(account, account.ChangedSpec, "destroy", "--yes", "--delete-data", "--release-address");
        Assert.Equal(empty, account.Inventory);
    }

    [Fact]
    public async Task The_time_of_a_launch_is_that_of_its_longest_chain()
    {
        // The clock goes on while nothing seems to happen, so a machine that is busy with other tests adds to it and never takes away.
        var took = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            using var account = new AwsFakeAccount();
            var began = account.Time.GetUtcNow();
            await DoneAsync(account, account.Spec, Launch);
            var one = account.Time.GetUtcNow() - began;
            TestContext.Current.TestOutputHelper?.WriteLine($"{account.Calls} calls, {one.TotalSeconds:0.0} s");
            took = one < took ? one : took;
        }
        // VPC 2 s, Ollama's instance 25 s, NAT gateway 120 s, each seen up to 4 s later; four links that must first be seen, 1.5 s each;
        // 45 questions one after the other, 0.15 s each.
        var chain = TimeSpan.FromSeconds(2 + 25 + 120 + 3 * 4 + 4 * 1.5 + 45 * 0.15);
        Assert.True(took < chain * 1.05, $"{took}, and the chain is {chain}");
    }
}
