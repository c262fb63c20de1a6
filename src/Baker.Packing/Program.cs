using System.Globalization;
using Baker.Embedded;
using Baker.Machine;
using Baker.Packing;
using Baker.Rendering;

// Run by the build of the program: packs the scripts of every role for the clouds that it names.
if (args.Length < 2)
{
    Console.Error.WriteLine("usage: Baker.Packing FOLDER CLOUD=BYTES...");
    return 2;
}
// A cloud and what it takes of user-data.
var (folder, clouds) = (args[0], args[1..].Select(a => a.Split('='))
    .Select(a => (Name: a[0], Limit: int.Parse(a[1], CultureInfo.InvariantCulture))));
// A role is a folder that installs something: what all have in common does as well, what some share has their names.
var roles = EmbeddedFiles.Names.Select(name => name.Split('/')).Where(path => path[2] == "install").Select(path => path[1])
    .Where(folder => folder != "common" && !folder.Contains('+', StringComparison.Ordinal)).Distinct().ToArray();
Directory.CreateDirectory(folder);
foreach (var old in Directory.EnumerateFiles(folder))
    File.Delete(old);
Parallel.ForEach(clouds.SelectMany(cloud => roles.Select(role => (Cloud: cloud, Role: role))), of =>
{
    var files = MachineFiles.For(of.Role, of.Cloud.Name);
    var (name, packed) = ($"{of.Cloud.Name}-{of.Role}.gz", GzipFile.Of(ScriptEntries.Of(files).ToArray()));
    // What fits no user-data is never sent in one, but in a bundle.
    if (packed.Length > of.Cloud.Limit)
        (name, packed) = ($"{of.Cloud.Name}-{of.Role}.bundle.gz",
            GzipFile.Of(ScriptEntries.Of(MachineFiles.InBundle(files, of.Cloud.Name)).ToArray()));
    File.WriteAllBytes(Path.Combine(folder, name), packed);
});
return 0;
