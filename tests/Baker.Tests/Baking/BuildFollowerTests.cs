using Baker.Baking;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Baking;

/// <summary>
/// Lines as Packer 1.6.6 writes them, with what the machine's own scripts print in between. Since 1.13 a message is said like a title
/// (TargetedUI.Message, packer/ui.go): <see cref="Today"/> makes one form of the other.
/// </summary>
public sealed class BuildFollowerTests
{
    [Fact]
    public void The_step_is_what_Packer_said_last_and_what_the_machine_adds()
    {
        var follower = Follow(
            "1795536288,,ui,say,==> ollama.amazon-ebs.ollama: Provisioning with shell script: /out/duo/packer/install.sh",
            """1795536288,,ui,message,    ollama.amazon-ebs.ollama: {"role":"ollama"%!(PACKER_COMMA)"step":"models"%!(PACKER_COMMA)"state":"running"%!(PACKER_COMMA)"done":"43%"%!(PACKER_COMMA)"try":1}""");
        Assert.Equal("Provisioning with shell script: /out/duo/packer/install.sh", follower.Progress.Step);
        Assert.Equal("models running 43%", follower.Progress.Install);
    }

    [Fact]
    public void Cleaning_up_does_not_hide_the_step_that_failed()
    {
        var follower = Follow(
            "1795536288,,ui,say,==> ollama.amazon-ebs.ollama: Waiting for SSH to become available...",
            "1795536289,,ui,error,==> ollama.amazon-ebs.ollama: Timeout waiting for SSH.",
            "1795536289,,ui,say,==> ollama.amazon-ebs.ollama: Terminating the source AWS instance...",
            "1795536289,,ui,say,==> ollama.amazon-ebs.ollama: Cleaning up any extra volumes...",
            "1795536289,,ui,say,==> ollama.amazon-ebs.ollama: No volumes to clean up%!(PACKER_COMMA) skipping",
            "1795536289,,ui,say,==> ollama.amazon-ebs.ollama: Deleting temporary keypair...",
            @"1795536289,,ui,error,Build 'ollama.amazon-ebs.ollama' errored after 15 minutes: Timeout waiting for SSH.",
            @"1795536289,,ui,say,\n==> Wait completed after 15 minutes",
            "1795536289,,error-count,1");
        Assert.Equal("Waiting for SSH to become available...", follower.Progress.Step);
        Assert.Contains("Timeout waiting for SSH.", follower.LastLines);
    }

    [Fact]
    public void What_other_programs_write_is_kept_and_is_no_step()
    {
        var follower = Follow("1795536288,,ui,say,==> ollama.amazon-ebs.ollama: Stopping the source instance...", "panic: runtime error, in a plugin");
        Assert.Equal("Stopping the source instance...", follower.Progress.Step);
        Assert.Equal("panic: runtime error, in a plugin", follower.LastLines.Last());
    }

    [Fact]
    public void Only_the_last_lines_are_kept() => Assert.Equal(
        Enumerable.Range(26, 15).Select(i => $"line {i}"), Follow([.. Enumerable.Range(1, 40).Select(i => $"1795536288,,ui,message,    gitlab.googlecompute.gitlab: line {i}")]).LastLines);

    private static readonly string[] Build =
    [
        "ui,say,==> ollama.amazon-ebs.ollama: Prevalidating AMI Name: baker-duo-ollama-fb83cf8edaca-20261129193519",
        "ui,message,    ollama.amazon-ebs.ollama: Found Image ID: ami-0000000000000a001",
        "ui,say,==> ollama.amazon-ebs.ollama: Launching a source AWS instance...",
        @"ui,message,    ollama.amazon-ebs.ollama: Adding tag: ""Name"": ""baker-duo-ollama""",
        "ui,message,    ollama.amazon-ebs.ollama: Instance ID: i-f9be3a9982a8612cd",
        "ui,say,==> ollama.amazon-ebs.ollama: Waiting for SSH to become available...",
        "ui,say,==> ollama.amazon-ebs.ollama: Connected to SSH!",
        "ui,say,==> ollama.amazon-ebs.ollama: Provisioning with shell script: /tmp/packer-shell3049174",
        "ui,message,    ollama.amazon-ebs.ollama:",
        "ui,message,    ollama.amazon-ebs.ollama: status: done",
        "ui,say,==> ollama.amazon-ebs.ollama: Provisioning with shell script: /tmp/packer-shell77",
        "ui,say,==> ollama.amazon-ebs.ollama: Uploading ./ollama/ => /tmp/baker",
        "ui,say,==> ollama.amazon-ebs.ollama: Provisioning with shell script: ./place.sh",
        "ui,say,==> ollama.amazon-ebs.ollama: Provisioning with shell script: ./upgrade.sh",
        "ui,message,    ollama.amazon-ebs.ollama: Setting up linux-image (6.8)%!(PACKER_COMMA) done",
        "ui,message,    ollama.amazon-ebs.ollama: Stopping the source instance...",
        "ui,say,==> ollama.amazon-ebs.ollama: Pausing 20s before the next provisioner...",
        "ui,say,==> ollama.amazon-ebs.ollama: Provisioning with shell script: ./install.sh",
        """ui,message,    ollama.amazon-ebs.ollama: {"role":"ollama"%!(PACKER_COMMA)"step":"models"%!(PACKER_COMMA)"state":"running"%!(PACKER_COMMA)"done":"43%"}""",
        "ui,message,    ollama.amazon-ebs.ollama: Deleting what is not needed",
        "ui,error,==> ollama.amazon-ebs.ollama: Waiting for SSH to become available...",
        "ui,message,    ollama.amazon-ebs.ollama: Uploading a.txt => b.txt",
    ];

    private static readonly string[] End =
    [
        "ui,say,==> ollama.amazon-ebs.ollama: Provisioning with shell script: ./seal.sh",
        "ui,say,==> ollama.amazon-ebs.ollama: Trying to remove ephemeral keys from authorized_keys files",
        "ui,message,    ollama.amazon-ebs.ollama: sealing: files",
        "ui,say,==> ollama.amazon-ebs.ollama: Stopping the source instance...",
        "ui,message,    ollama.amazon-ebs.ollama: Stopping instance",
        "ui,say,==> ollama.amazon-ebs.ollama: Creating AMI baker-duo-ollama from instance i-f9be3a9982a8612cd",
        "ui,message,    ollama.amazon-ebs.ollama: AMI: ami-38d2b06709dc3ee54",
        "ui,say,==> ollama.amazon-ebs.ollama: Terminating the source AWS instance...",
        "ui,say,==> ollama.amazon-ebs.ollama: Deregistered AMI baker-duo-ollama%!(PACKER_COMMA) id: ami-1",
        "ui,say,==> ollama.amazon-ebs.ollama: Detaching temporary role from instance profile...",
        "ui,say,==> ollama.amazon-ebs.ollama: Destroying volume (vol-1)...",
        "ui,say,==> ollama.amazon-ebs.ollama: Creating snapshot tags",
    ];

    private static readonly string[] Steps =
    [
        "Prevalidating AMI Name: baker-duo-ollama-fb83cf8edaca-20261129193519", "Launching a source AWS instance...", "Waiting for SSH to become available...",
        "Connected to SSH!", "Provisioning with shell script: /tmp/packer-shell3049174", "Provisioning with shell script: /tmp/packer-shell77", "Uploading ./ollama/ => /tmp/baker",
        "Provisioning with shell script: ./place.sh", "Provisioning with shell script: ./upgrade.sh", "Pausing 20s before the next provisioner...", "Provisioning with shell script: ./install.sh",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Steps_are_Packers_own_titles_in_the_old_form_and_in_that_of_today(bool isToday)
    {
        Assert.Equal(Steps, StepsOf(isToday, Build).Begun);
        Assert.Equal("models running 43%", StepsOf(isToday, Build).Follower.Progress.Install);
        Assert.Equal(
            [.. Steps, "Provisioning with shell script: ./seal.sh", "Trying to remove ephemeral keys from authorized_keys files", "Stopping the source instance...",
            "Creating AMI baker-duo-ollama from instance i-f9be3a9982a8612cd"], StepsOf(isToday, [.. Build, .. End]).Begun);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_script_that_failed_no_step_begins_any_more(bool isToday)
    {
        var failed = StepsOf(isToday,
        [
            .. Build, "ui,say,==> ollama.amazon-ebs.ollama: Provisioning step had errors: Running the cleanup provisioner%!(PACKER_COMMA) if present...", .. End,
        ]);
        Assert.Equal("Provisioning with shell script: ./install.sh", failed.Begun.Last());
        Assert.DoesNotContain("ollama.amazon-ebs.ollama:", failed.Follower.LastLines);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_steps_of_Google_end_with_the_image(bool isToday) => Assert.Equal(
        ["Creating temporary ED25519 SSH key for instance...", "Creating instance...", "Waiting for the instance to become running...", "Creating image..."],
        StepsOf(isToday,
        [
            "ui,say,==> gateway.googlecompute.gateway: Creating temporary ED25519 SSH key for instance...",
            "ui,say,==> gateway.googlecompute.gateway: Creating instance...",
            "ui,message,    gateway.googlecompute.gateway: Loading zone: europe-west4-a",
            "ui,message,    gateway.googlecompute.gateway: Requesting instance creation...",
            "ui,say,==> gateway.googlecompute.gateway: Waiting for the instance to become running...",
            "ui,say,==> gateway.googlecompute.gateway: Deleting instance...",
            "ui,message,    gateway.googlecompute.gateway: Instance has been deleted!",
            "ui,say,==> gateway.googlecompute.gateway: Creating image...",
            "ui,say,==> gateway.googlecompute.gateway: Deleting disk...",
            "ui,message,    gateway.googlecompute.gateway: Disk has been deleted!",
        ]).Begun);

    [Fact]
    public void Every_provisioner_of_the_template_is_a_step()
    {
        // Packer's names for what stands in the template itself are never the same twice.
        var titles = Checkout.Read("templates", "packer", "build.pkr.hcl.scriban").Split("\n  provisioner \"")[1..].SelectMany(Titles)
            .Select((t, i) => t.EndsWith("packer-shell42", StringComparison.Ordinal) ? $"{t}{i}" : t).ToArray();
        Assert.Equal(8, titles.Length);
        Assert.Equal(titles, StepsOf(isToday: true, [.. titles.Select(t => $"ui,say,==> ollama.amazon-ebs.ollama: {t}")]).Begun);
    }

    [Fact]
    public void What_a_build_made_for_its_own_time_is_known_until_it_is_removed()
    {
        string[] made =
        [
            "1,,ui,say,==> ollama.amazon-ebs.ollama: Creating temporary keypair: packer_6b0c8016",
            "1,,ui,say,==> ollama.amazon-ebs.ollama: Creating temporary instance profile for this instance: packer-6b0c8016",
            "1,,ui,say,==> ollama.amazon-ebs.ollama: Creating temporary role for this instance: packer-6b0c8016",
            "1,,ui,say,==> ollama.amazon-ebs.ollama: Instance ID: i-f9be3a9982a8612cd",
        ];
        Assert.Equal(["key pair packer_6b0c8016", "instance profile packer-6b0c8016", "role packer-6b0c8016", "builder i-f9be3a9982a8612cd"], Temporary(made));
        string[] end = [.. made, "1,,ui,say,==> ollama.amazon-ebs.ollama: Terminating the source AWS instance...", "1,,ui,say,==> ollama.amazon-ebs.ollama: Deleting temporary role..."];
        Assert.Equal(["key pair packer_6b0c8016", "instance profile packer-6b0c8016", "role packer-6b0c8016"], Temporary(end));
        Assert.Equal(
            ["key pair packer_6b0c8016", "role packer-6b0c8016"], Temporary(
            [
                .. end, "1,,ui,error,==> ollama.amazon-ebs.ollama: Error DeleteConflict. Please delete the role manually: packer-6b0c8016",
                "1,,ui,say,==> ollama.amazon-ebs.ollama: Deleting temporary instance profile...", "1,,ui,say,==> ollama.amazon-ebs.ollama: Deleting temporary keypair...",
            ]));
    }

    private static IEnumerable<string> Temporary(string[] lines) => Follow(lines).Temporary.Select(r => $"{r.Kind} {r.Id}");

    private static IEnumerable<string> Titles(string provisioner)
    {
        if (provisioner.Contains("pause_before    = \"20s\"", StringComparison.Ordinal))
            yield return "Pausing 20s before the next provisioner...";
        yield return provisioner.StartsWith("file", StringComparison.Ordinal) ? "Uploading ./ollama/ => /tmp/baker"
            : provisioner.Split("${path.root}") is [_, var script, ..] ? $"Provisioning with shell script: .{script.Split('"')[0]}" : "Provisioning with shell script: /tmp/packer-shell42";
    }

    /// <param name="lines">In the form of 1.6, without the time.</param>
    private static (List<string> Begun, BuildFollower Follower) StepsOf(bool isToday, string[] lines)
    {
        List<string> begun = [];
        BuildFollower? follower = null;
        follower = new BuildFollower("ollama", TextWriter.Null, () =>
        {
            if (follower!.Progress.Step is { Length: > 0 } step && begun.LastOrDefault() != step)
                begun.Add(step);
        });
        follower.Enter("building");
        var talk = new PackerTalk(follower);
        foreach (var line in lines)
            talk.Hear($"1795536288,,{(isToday ? Today(line) : line)}");
        return (begun, follower);
    }

    private static string Today(string line) => line.Replace("ui,message,    ", "ui,say,==> ", StringComparison.Ordinal);

    private static BuildFollower Follow(params string[] lines)
    {
        var follower = new BuildFollower("ollama", TextWriter.Null, () => { });
        follower.Enter("building");
        var talk = new PackerTalk(follower);
        foreach (var line in lines)
            talk.Hear(line);
        return follower;
    }
}
