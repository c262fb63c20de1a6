using System.Collections.Immutable;
using Baker.Diagnostics;
using Baker.Planning;

namespace Baker.Rendering;

/// <summary>Everything that is written for one stack.</summary>
public sealed record Artifacts(ImmutableArray<Artifact> Files, ImmutableArray<UserData> UserData);

/// <summary>Turns a plan into files. Pure: same plan, same bytes.</summary>
public static class Renderer
{
    public static Artifacts Render(Plan plan, DiagnosticBag bag)
    {
        var userData = plan.Machines.Select(machine => UserData.Of(plan, machine)).ToImmutableArray();
        foreach (var data in userData)
            Check(plan, data, bag);
        var files = ImmutableArray.CreateBuilder<Artifact>();
        files.Add(new Artifact("README.md", ReviewPage.Write(plan, userData)));
        files.Add(new Artifact("plan.json", PlanJson.Write(plan)));
        foreach (var data in userData)
        {
            files.Add(new Artifact($"cloud-init/{data.Key}.yaml", data.Plain));
            if (data.IsCompressed)
                files.Add(new Artifact($"cloud-init/{data.Key}.yaml.gz", data.Sent));
            if (data.Bundle is { } bundle)
                files.AddRange(BundleFiles.Of(data.Key, bundle));
        }
        files.AddRange(PolicyFiles.Write(plan, userData));
        files.AddRange(PackerFiles.Write(plan));
        files.AddRange(BuilderFiles.Write(plan));
        return new Artifacts(files.ToImmutable(), userData);
    }

    private static void Check(Plan plan, UserData data, DiagnosticBag bag)
    {
        if (data.Bundle is null)
        {
            if (data.Sent.Length > data.Limit)
                bag.Add(data.Role, RenderMessages.TooLarge(data.Role, data.Sent.Length, data.Limit, plan.Cloud.Facts.IdentityKey));
            return;
        }
        if (data.Sent.Length > data.Limit - Bundle.Reserve)
            bag.Add(data.Role, RenderMessages.NoRoomToFetch(data.Role, data.Sent.Length, data.Limit - Bundle.Reserve,
                plan.Cloud.Facts.IdentityKey));
        if (plan.Cloud.Facts.IdentityKey is { } key && data.Identity is null)
            bag.Add(new SpecPath(data.Role).Key(key), RenderMessages.NeedsIdentity(key, data.Role, data.Limit));
    }
}
