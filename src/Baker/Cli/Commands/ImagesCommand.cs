using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Baker.Cli.Logs;
using Baker.Clouds.Live;

namespace Baker.Cli.Commands;

/// <summary><c>baker images</c>: the images that were baked in this account, and their removal.</summary>
internal static class ImagesCommand
{
    public static Command Define(World world)
    {
        var spec = SpecFile.Argument();
        var json = new Option<bool>("--json") { Description = "print the images as JSON" };
        var list = new Command("list", "List the images that Baker baked in this account and place.") { spec, json };
        list.SetAction((parsed, cancel) => ListAsync(world, parsed.GetRequiredValue(spec), parsed.GetValue(json), cancel));

        var ids = new Argument<string[]>("id") { Description = "the images, as list shows them", Arity = ArgumentArity.OneOrMore };
        var named = new Option<string>("--spec")
        {
            Description = "the spec file, or - for standard input",
            DefaultValueFactory = _ =>
            "baker.yaml"
        };
        var yes = CommonOptions.Yes();
        var delete = new Command("delete", "Delete images and what they store; never one that a machine was made from.") { ids, named,
            yes };
        delete.SetAction((parsed, cancel) => DeleteAsync(
            world, parsed.GetRequiredValue(named), [.. parsed.GetRequiredValue(ids).Distinct()], parsed.GetValue(yes), cancel));

        var command = new Command("images", "List or delete the images that bake made.") { list, delete };
        command.SetAction((_, cancel) => ListAsync(world, "baker.yaml", false, cancel));
        return command;
    }

    private static async Task<int> ListAsync(World world, string path, bool json, CancellationToken cancel)
    {
        await using var session = StackSession.OpenExisting(world, path);
        if (session is null)
            return ExitCode.SpecWrong;
        var images = await FindAsync(session, cancel);
        if (json)
        {
            world.Out.WriteLine(JsonSerializer.Serialize([.. images], LogJson.Default.BakedImageArray));
            return ExitCode.Done;
        }
        if (images.IsEmpty)
            world.Error.WriteLine("no image was baked here yet; `baker bake` does");
        else
            Print(world.Out, images, world.Time.GetUtcNow());
        return ExitCode.Done;
    }

    private static async Task<int> DeleteAsync(World world, string path, ImmutableArray<string> ids, bool yes, CancellationToken cancel)
    {
        await using var session = StackSession.OpenExisting(world, path);
        if (session is null)
            return ExitCode.SpecWrong;
        var images = await FindAsync(session, cancel);
        var chosen = ids.Select(id => images.FirstOrDefault(i => i.Id == id || i.Name == id) ?? throw new RefusedException(
            ExitCode.Refused, $"{id} is no image that Baker baked here; `baker images list` shows those that are")).ToImmutableArray();
        foreach (var used in chosen.Where(i => i.UsedBy.Length > 0))
            throw new RefusedException(ExitCode.Refused, $"{used.Id} is in use by {string.Join(", ", used.UsedBy)}; nothing was deleted");
        // On a desk images are files, which a spec may name by a path from where it stands.
        foreach (var machine in session.Plan.Machines.Where(m =>
            m.Image.Id is { } named && chosen.Any(i => i.Id == named || i.Name == named || i.Id == world.FullPath(named))))
            throw new RefusedException(ExitCode.Refused,
                $"{machine.Image.Id} is the image that the spec names for {machine.Role}; nothing was deleted");
        Print(world.Error, chosen, world.Time.GetUtcNow());
        if (!yes && !session.Ask($"Delete {(chosen.Length == 1 ? "this image" : $"these {chosen.Length} images")}? [y/N] ", "y"))
            throw new OperationCanceledException();
        foreach (var image in chosen)
        {
            await session.Cloud.Bakery.DeleteAsync(image, cancel);
            session.Log.Say(image.Id, "deleted");
        }
        return ExitCode.Done;
    }

    private static async Task<ImmutableArray<BakedImage>> FindAsync(StackSession session, CancellationToken cancel)
    {
        await session.Cloud.Account.SignInAsync(cancel);
        return await session.Cloud.Bakery.ListAsync(cancel);
    }

    private static void Print(TextWriter writer, ImmutableArray<BakedImage> images, DateTimeOffset now)
    {
        string[] Row(BakedImage i) =>
        [
            i.Role, i.Stack, i.Fingerprint, i.Base.Length == 0 ? "-" : i.Base,
            string.Create(CultureInfo.InvariantCulture, $"{(int)(now - i.Made).TotalDays} d"),
            string.Create(CultureInfo.InvariantCulture, $"{i.SizeGb} GB"), i.UsedBy.IsEmpty ? "-" : string.Join(' ', i.UsedBy), i.Id,
        ];

        Columns.Write(writer, [["ROLE", "STACK", "FINGERPRINT", "BASE", "AGE", "SIZE", "USED BY", "ID"], .. images.Select(Row)]);
    }
}
