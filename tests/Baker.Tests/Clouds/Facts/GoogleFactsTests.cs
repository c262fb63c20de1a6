using Baker.Clouds.Facts;
using Baker.Clouds.Facts.Google;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Facts;

public class GoogleFactsTests
{
    [Theory]
    [InlineData("us-central1", "us-central1-f"), InlineData("europe-west12", "europe-west12-a"), InlineData("me-central2", "me-central2-c"),
     InlineData("northamerica-northeast1", "northamerica-northeast1-b"), InlineData("us-central1", "us-central1-ai1a"), InlineData("us-east5", "us-east5-a")]
    public void Every_region_and_zone_that_exists_is_taken(string region, string zone) =>
        Assert.Empty(Report.Of(SampleSpec.Google($"{{ project: my-project, region: {region}, zone: {zone} }}")).Complaints);

    [Theory]
    [InlineData("europe-west1", "europe-west12-a"), InlineData("us-east1", "us-east4-b")]
    public void A_zone_of_another_region_is_refused(string region, string zone) =>
        Assert.Equal(["BKR219"], Report.Of(SampleSpec.Google($"{{ project: my-project, region: {region}, zone: {zone} }}")).Codes);

    [Theory]
    [InlineData("my-project"), InlineData("example.com:my-project"), InlineData("duo-prod-123456")]
    public void Project_ids_may_have_a_domain(string project) =>
        Assert.Empty(Report.Of(SampleSpec.Google($"{{ project: '{project}', region: us-central1 }}")).Complaints);

    [Theory]
    [InlineData("e2-medium", 2, 4), InlineData("e2-highcpu-8", 8, 8), InlineData("n1-standard-4", 4, 15), InlineData("c2-standard-4", 4, 16),
     InlineData("c4-standard-4-lssd", 4, 15), InlineData("c3-standard-192-metal", 192, 768), InlineData("n2-custom-4-10240", 4, 10),
     InlineData("custom-2-7680", 2, 7.5), InlineData("n4-custom-8-32768-ext", 8, 32), InlineData("e2-custom-medium-4096", 2, 4), InlineData("n1-highmem-2", 2, 13)]
    public void Sizes_follow_from_names(string type, int cpus, double gb) =>
        Assert.Equal((cpus, (decimal)gb, null), new GoogleFacts().FindMachine(type) is { } m ? (m.Cpus, m.MemoryGb, m.Gpu) : default);

    [Theory]
    [InlineData("g2-standard-8", 8, 32, "1 × L4 24 GB"), InlineData("g2-standard-96", 96, 384, "8 × L4 24 GB"), InlineData("g2-custom-8-36864", 8, 36, "1 × L4 24 GB"),
     InlineData("a2-highgpu-1g", 12, 85, "1 × A100 40 GB"), InlineData("a2-megagpu-16g", 96, 1360, "16 × A100 40 GB"), InlineData("a3-highgpu-8g", 208, 1872, "8 × H100 80 GB"),
     InlineData("a3-ultragpu-8g", 224, 2952, "8 × H200 141 GB"), InlineData("g4-standard-96", 96, 360, "2 × RTX PRO 6000 96 GB")]
    public void GPUs_come_with_their_series(string type, int cpus, int gb, string gpu)
    {
        var machine = new GoogleFacts().FindMachine(type)!;
        Assert.Equal((cpus, gb, gpu), (machine.Cpus, machine.MemoryGb, $"{machine.Gpu}"));
    }

    /// <summary>What a launch and the review page take, and Packer for its builder.</summary>
    [Theory]
    [InlineData("e2-medium", "pd-balanced"), InlineData("custom-8-30720", "pd-balanced"), InlineData("c3-standard-8", "pd-balanced"), InlineData("g2-standard-8", "pd-balanced"),
     InlineData("a2-ultragpu-1g", "pd-balanced"), InlineData("a3-highgpu-8g", "pd-balanced"), InlineData("a3-ultragpu-8g", "hyperdisk-balanced"), InlineData("a4-highgpu-8g", "hyperdisk-balanced"),
     InlineData("c4-standard-8-lssd", "hyperdisk-balanced"), InlineData("g4-standard-48", "hyperdisk-balanced"), InlineData("n4-custom-8-32768", "hyperdisk-balanced"), InlineData("c4d-standard-8", "hyperdisk-balanced")]
    public void Disks_go_by_machine_family(string type, string disk)
    {
        Assert.Equal(disk, GoogleDiskTypes.For(type));
        var page = new GoogleFacts().ManualLaunchNames(new ManualLaunch("vm", type, "id", 50, 80, null, null, null, "vm.yaml")).ToDictionary(n => n.Name, n => n.Value);
        Assert.Equal(disk, page["disk_type"]);
        Assert.Contains($",type={disk},", page["data_disk"], StringComparison.Ordinal);
        Assert.True(GoogleDiskTypes.Fits(type, disk));
    }

    [Theory]
    [InlineData("n4-standard-8", "pd-balanced", false), InlineData("a3-ultragpu-8g", "pd-ssd", false), InlineData("e2-medium", "hyperdisk-balanced", false),
     InlineData("c3-standard-8", "hyperdisk-balanced", true), InlineData("c3-standard-8", "pd-ssd", true), InlineData("q9-standard-4", "hyperdisk-balanced", true)]
    public void A_disk_that_stands_fits_unless_it_is_known_not_to(string type, string disk, bool fits) =>
        Assert.Equal(fits, GoogleDiskTypes.Fits(type, disk));

    [Theory]
    [InlineData("m3-ultramem-32"), InlineData("z3-highmem-88-standardlssd"), InlineData("f1-micro"), InlineData("x4-megamem-960-metal"), InlineData("q9-standard-4")]
    public void A_type_whose_size_is_unknown_gets_a_warning_at_most(string type) =>
        Assert.Equal(["BKR212"], Report.Of(SampleSpec.Google(rest: $"gateway: {{ machine: {type} }}")).Codes);

    [Theory]
    [InlineData("t2a-standard-4"), InlineData("c4a-highmem-8-lssd"), InlineData("n4a-standard-4"), InlineData("a4x-highgpu-4g")]
    public void Arm_types_are_refused_also_where_their_size_is_unknown(string type) =>
        Assert.Equal(["BKR214"], Report.Of(SampleSpec.Google(rest: $"gateway: {{ machine: {type} }}")).Codes);

    [Theory]
    [InlineData("n1-standard-4", "nvidia-tesla-t4", 1), InlineData("n1-custom-8-30720", "nvidia-tesla-t4", 2), InlineData("custom-8-30720", "nvidia-tesla-p100", 1),
     InlineData("n1-highmem-96", "nvidia-tesla-v100", 8)]
    public void GPUs_are_attached_to_n1_machines(string machine, string type, int count) =>
        Assert.Null(new GoogleFacts().AttachGpu(machine, type, count).Problem);

    [Theory]
    [InlineData("e2-standard-4", "nvidia-tesla-t4", 1), InlineData("n1-standard-4", "nvidia-l4", 1), InlineData("n1-standard-4", "nvidia-tesla-t4", 8),
     InlineData("n1-standard-16", "nvidia-tesla-v100", 1), InlineData("g2-standard-8", "nvidia-tesla-t4", 1)]
    public void What_the_cloud_refuses_to_attach_is_refused_here(string machine, string type, int count) =>
        Assert.Equal("BKR216", new GoogleFacts().AttachGpu(machine, type, count).Problem?.Code);
}
