using System.Buffers;
using Baker.Clouds;
using Baker.Embedded;
using Baker.Machine;
using Baker.Rendering;
using Baker.Roles;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Rendering;

/// <summary>The scripts as user-data has them, each in one golden: that of its folder under templates/machine, which is a role, a cloud or what several share.</summary>
public class ScriptGoldenTests
{
    public static TheoryData<string> Folders => [.. EmbeddedFiles.Names.Where(n => n.StartsWith("machine/", StringComparison.Ordinal)).Select(n => n.Split('/')[1]).Distinct()];

    [Theory, MemberData(nameof(Folders))]
    public void What_user_data_has_of_them_is_as_checked_in(string folder)
    {
        var role = RoleCatalog.All.Select(r => r.Name).FirstOrDefault(folder.Split('+').Contains) ?? RoleCatalog.All[0].Name;
        var cloud = CloudCatalog.All.Select(c => c.Key).FirstOrDefault(c => c == folder) ?? CloudCatalog.All[0].Key;
        var entries = new ArrayBufferWriter<byte>();
        foreach (var file in MachineFiles.For(role, cloud).Where(f => IsOf(folder, f)))
            ScriptEntries.Write(entries, $"{MachineFiles.Directory}/{file.Name}", file.Mode, file.Bytes.Span);
        Golden.Check(entries.WrittenSpan, "scripts", $"{folder}.yaml");
    }

    [Fact]
    public void There_are_no_other_goldens_of_scripts()
    {
        var others = Golden.Names("scripts").Except([.. Folders.Select(f => $"{f.Data}.yaml"), "packed.txt"]).ToArray();
        if (Golden.IsUpdating)
            Array.ForEach(others, name => File.Delete(Golden.Folder("scripts", name)));
        else
            Assert.Empty(others);
    }

    private static bool IsOf(string folder, MachineFile file) => EmbeddedFiles.Names.Any(n =>
        n == $"machine/{folder}/{file.Part}/{file.Name}" || (file.Name == $"{file.Part}.sh" && n.StartsWith($"machine/{folder}/{file.Part}/1-", StringComparison.Ordinal)));
}
