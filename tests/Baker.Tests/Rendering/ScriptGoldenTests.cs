using Baker.Embedded;
using Baker.Machine;
using Baker.Rendering;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Rendering;

/// <summary>The scripts as user-data has them, each in one golden: that of its folder under templates/machine, which is a role, a cloud or what several share. What begins or ends another script stands alone.</summary>
public class ScriptGoldenTests
{
    public static TheoryData<string> Folders => [.. EmbeddedFiles.Names.Where(n => n.StartsWith("machine/", StringComparison.Ordinal)).Select(n => n.Split('/')[1]).Distinct()];

    [Theory, MemberData(nameof(Folders))]
    public void What_user_data_has_of_them_is_as_checked_in(string folder)
    {
        Golden.Check(ScriptEntries.Of(MachineFiles.Folder(folder)).Span, "scripts", $"{folder}.yaml");
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
}
