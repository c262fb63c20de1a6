using System.Text.RegularExpressions;
using Baker.Language.Shapes;

namespace Baker.Clouds.Facts.Local;

/// <param name="Image">Disk image to start from; null: Ubuntu 24.04's server cloud image.</param>
/// <param name="Kernel">Booted directly together with <paramref name="Initrd"/>; null: the image's own boot loader.</param>
public sealed record LocalSpec(CloudFacts Facts, string? Image, string? Kernel, string? Initrd) : CloudSpec(Facts)
{
    public override string Location => "local";

    public override IEnumerable<(string Key, string? Value)> Choices => [("image", Image), ("kernel", Kernel), ("initrd", Initrd)];

    public override IEnumerable<(string Name, string Value)> TemplateNames => [];
}

/// <summary>The keys under <c>cloud.local</c>.</summary>
internal static partial class LocalShape
{
    private static readonly TextFormat File = TextFormat.Matching("a file path", FilePath(), "write a path on this machine", 1024);

    public static readonly MapShape Shape = new("QEMU on this machine",
        new Key("image", new TextShape("disk image to start from", File), Default: "Ubuntu 24.04's server cloud image"),
        new Key("kernel", new TextShape("kernel to boot directly", File), Default: "the image's own boot loader"),
        new Key("initrd", new TextShape("initial ramdisk for `kernel`", File)));

    [GeneratedRegex(@"\A[^\s\n]([^\n]*[^\s\n])?\z")]
    private static partial Regex FilePath();
}
