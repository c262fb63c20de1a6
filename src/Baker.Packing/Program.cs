using Baker.Embedded;
using Baker.Machine;
using Baker.Packing;
using Baker.Rendering;

// Run by the build of the program: packs the scripts of every role for the clouds that it names.
if (args.Length < 2)
{
    Console.Error.WriteLine("usage: Baker.Packing FOLDER CLOUD...");
    return 2;
}
var (folder, clouds) = (args[0], args[1..]);
// A role is a folder that installs something: what all have in common does as well, what some share has their names.
var roles = EmbeddedFiles.Names.Select(name => name.Split('/')).Where(path => path[2] == "install").Select(path => path[1])
    .Where(folder => folder != "common" && !folder.Contains('+', StringComparison.Ordinal)).Distinct().ToArray();
Directory.CreateDirectory(folder);
foreach (var old in Directory.EnumerateFiles(folder))
    File.Delete(old);
Parallel.ForEach(clouds.SelectMany(cloud => roles.Select(role => (Cloud: cloud, Role: role))), of =>
    File.WriteAllBytes(Path.Combine(folder, $"{of.Cloud}-{of.Role}.gz"), GzipFile.Of(ScriptEntries.Of(MachineFiles.For(of.Role, of.Cloud)).ToArray())));
return 0;
