using Baker.Clouds.Facts;
using Baker.Clouds.Facts.Aws;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Facts;

public class AwsFactsTests
{
    [Theory]
    [InlineData("us-east-1"), InlineData("us-gov-west-1"), InlineData("cn-north-1"), InlineData("mx-central-1"), InlineData("ap-southeast-7"),
     InlineData("us-iso-east-1"), InlineData("eusc-de-east-1"), InlineData("me-central-1")]
    public void Every_region_that_exists_is_taken(string region) => Assert.Empty(Report.Of(SampleSpec.Aws($"{{ region: {region} }}")).Complaints);

    [Theory]
    [InlineData("us-west-2", "us-west-2a"), InlineData("us-west-2", "us-west-2-lax-1a"), InlineData("us-east-1", "us-east-1-wl1-bos-wlz-1"),
     InlineData("ap-northeast-1", "ap-northeast-1d")]
    public void Zones_local_zones_and_wavelength_zones_are_taken(string region, string zone) =>
        Assert.Empty(Report.Of(SampleSpec.Aws($"{{ region: {region}, zone: {zone} }}")).Complaints);

    [Theory]
    [InlineData("us-west-1", "us-west-2a"), InlineData("ap-southeast-1", "ap-southeast-12a"), InlineData("us-east-1", "us-east-1")]
    public void A_zone_of_another_region_is_refused(string region, string zone) =>
        Assert.NotEmpty(Report.Of(SampleSpec.Aws($"{{ region: {region}, zone: {zone} }}")).Errors);

    [Theory]
    [InlineData("c6i.xlarge", 4, 8), InlineData("m7i.metal-24xl", 96, 384), InlineData("c7i-flex.large", 2, 4), InlineData("t3.medium", 2, 4),
     InlineData("t2.small", 1, 2), InlineData("t3.small", 2, 2), InlineData("c4.xlarge", 4, 7.5), InlineData("c5n.2xlarge", 8, 21),
     InlineData("r4.large", 2, 15.25), InlineData("m7a.medium", 1, 4), InlineData("inf2.xlarge", 4, 16), InlineData("i4i.2xlarge", 8, 64),
     InlineData("r8i.24xlarge", 96, 768)]
    public void Sizes_follow_from_names(string type, int cpus, double gb) =>
        Assert.Equal((cpus, (decimal)gb, null), new AwsFacts().FindMachine(type) is { } m ? (m.Cpus, m.MemoryGb, m.Gpu) : default);

    [Theory]
    [InlineData("g4dn.xlarge", 4, 16, "1 × T4 16 GB"), InlineData("g4dn.12xlarge", 48, 192, "4 × T4 16 GB"), InlineData("g5.48xlarge", 192, 768, "8 × A10G 24 GB"),
     InlineData("g6e.2xlarge", 8, 64, "1 × L40S 48 GB"), InlineData("gr6.4xlarge", 16, 128, "1 × L4 24 GB"), InlineData("p3.2xlarge", 8, 61, "1 × V100 16 GB"),
     InlineData("p4d.24xlarge", 96, 1152, "8 × A100 40 GB"), InlineData("p5.48xlarge", 192, 2048, "8 × H100 80 GB"), InlineData("p5.4xlarge", 16, 256, "1 × H100 80 GB"),
     InlineData("p5en.48xlarge", 192, 2048, "8 × H200 141 GB"), InlineData("g6.16xlarge", 64, 256, "1 × L4 24 GB"), InlineData("p3dn.24xlarge", 96, 768, "8 × V100 32 GB")]
    public void GPUs_come_with_their_families(string type, int cpus, int gb, string gpu)
    {
        var machine = new AwsFacts().FindMachine(type)!;
        Assert.Equal((cpus, gb, gpu), (machine.Cpus, machine.MemoryGb, $"{machine.Gpu}"));
    }

    [Theory]
    [InlineData("u-6tb1.metal"), InlineData("u7i-12tb.224xlarge"), InlineData("vt1.3xlarge"), InlineData("trn2.48xlarge"), InlineData("hpc7a.96xlarge"),
     InlineData("dl1.24xlarge"), InlineData("m1.small"), InlineData("g4ad.xlarge"), InlineData("c5.metal"), InlineData("x8i.xlarge")]
    public void A_type_whose_size_is_unknown_gets_a_warning_at_most(string type) =>
        Assert.Equal(["BKR212"], Report.Of(SampleSpec.Aws(rest: $"gateway: {{ machine: {type} }}")).Codes);

    [Theory]
    [InlineData("t4g.medium"), InlineData("c7gn.xlarge"), InlineData("a1.large"), InlineData("im4gn.xlarge"), InlineData("x2gd.large"), InlineData("g5g.xlarge"),
     InlineData("hpc7g.16xlarge"), InlineData("mac2-m2pro.metal"), InlineData("p6e-gb200.36xlarge"), InlineData("r8gd.metal-24xl")]
    public void Arm_types_are_refused_also_where_their_size_is_unknown(string type) =>
        Assert.Equal(["BKR214"], Report.Of(SampleSpec.Aws(rest: $"gateway: {{ machine: {type} }}")).Codes);

    [Theory]
    [InlineData("c6id.xlarge"), InlineData("m5d.xlarge"), InlineData("m5ad.2xlarge"), InlineData("r5dn.xlarge"), InlineData("z1d.xlarge"), InlineData("i4i.xlarge"), InlineData("i7ie.xlarge"),
     InlineData("x2idn.16xlarge"), InlineData("g4dn.xlarge"), InlineData("g5.xlarge"), InlineData("d3en.xlarge")]
    public void GitLab_gets_no_type_with_disks_that_a_stop_empties(string type)
    {
        Assert.Contains("BKR217", Report.Of(SampleSpec.Aws().Replace("instance_profile: duo-gitlab", $"instance_profile: duo-gitlab\n  machine: {type}", StringComparison.Ordinal)).Codes);
        Assert.DoesNotContain("BKR217", Report.Of(SampleSpec.Aws(rest: $"gateway: {{ machine: {type} }}")).Codes);
    }

    [Theory]
    [InlineData("c6i.xlarge"), InlineData("m7i.xlarge"), InlineData("m7a.xlarge"), InlineData("t3.xlarge"), InlineData("c5n.xlarge"), InlineData("r7iz.xlarge"), InlineData("m7i-flex.large"), InlineData("c7i.metal-24xl")]
    public void GitLab_gets_any_type_without_such_disks(string type) => Assert.DoesNotContain("BKR217", Report.Of(SampleSpec.Aws().Replace("instance_profile: duo-gitlab", $"instance_profile: duo-gitlab\n  machine: {type}", StringComparison.Ordinal)).Codes);

    [Theory]
    [InlineData("t2.medium"), InlineData("m4.large"), InlineData("c4.large")]
    public void Xen_types_have_no_live_console(string type) =>
        Assert.Equal(["BKR213"], Report.Of(SampleSpec.Aws(rest: $"gateway: {{ machine: {type} }}")).Codes);

    [Theory]
    [InlineData("c6xlarge", "c6i.xlarge"), InlineData("c6.xlarge", "c6i.xlarge"), InlineData("t3medium", "t3.medium"), InlineData("m6i-2xlarge", "m6i.2xlarge"),
     InlineData("C6i.xlarge", "c6i.xlarge"), InlineData("c5xlarge", "c5.xlarge"), InlineData("g4dn.xlrage", "g4dn.xlarge"), InlineData("m5_large", "m5.large")]
    public void An_impossible_type_gets_the_one_that_was_meant(string written, string meant) =>
        Assert.Equal($"did you mean \"{meant}\"?", new AwsFacts().MachineProblem(written)?.Hint);

    [Theory]
    [InlineData("eu-central-1", "https://ssm.eu-central-1.amazonaws.com", "arn:aws:ssm:"),
     InlineData("cn-north-1", "https://ssm.cn-north-1.amazonaws.com.cn", "arn:aws-cn:ssm:"),
     InlineData("us-gov-west-1", "https://ssm.us-gov-west-1.amazonaws.com", "arn:aws-us-gov:ssm:"),
     InlineData("eusc-de-east-1", "https://ssm.eusc-de-east-1.amazonaws.eu", "arn:aws-eusc:ssm:")]
    public void Each_partition_has_its_own_names(string region, string store, string arn)
    {
        CloudSpec spec = new AwsSpec(new AwsFacts(), region, null, null);
        Assert.Equal(store, spec.Facts.SecretStoreUrl(spec));
        Assert.Contains(arn, spec.Facts.SecretPolicy(spec, ["/duo/code"], null), StringComparison.Ordinal);
    }
}
