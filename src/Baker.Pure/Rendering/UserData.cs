using System.Collections.Immutable;
using System.Text;
using Baker.Clouds.Facts;
using Baker.Machine;
using Baker.Planning;
using Baker.Stack;
using Baker.Stack.Roles;
using Scriban.Runtime;

namespace Baker.Rendering;

/// <summary>The user-data of one VM.</summary>
/// <param name="Plain">The cloud-config as people review it.</param>
/// <param name="Sent">The bytes the cloud gets: the plain ones, or their compressed form where they are too many.</param>
/// <param name="Limit">Most bytes the cloud takes.</param>
/// <param name="Digest">Names the content; the VM's console lines carry it.</param>
/// <param name="Bundle">What the cloud has no room for; null where it has.</param>
public sealed record UserData(MachinePlan Machine, ReadOnlyMemory<byte> Plain, ReadOnlyMemory<byte> Sent, bool IsCompressed, int Limit,
    string Digest, Bundle? Bundle = null)
{
    public string Role => Machine.Role;

    /// <summary>Of the VM, which fetches its bundle with it; null: it has none.</summary>
    public string? Identity => Machine.Identity ?? (Bundle is null ? null : Machine.MadeIdentity);

    /// <summary>A launch makes <see cref="Identity"/>, and removes it with the stack.</summary>
    public bool MakesIdentity => Identity is not null && Identity == Machine.MadeIdentity;

    /// <summary>Names the VM within the stack.</summary>
    public string Key => Machine.Key;

    public static UserData Of(Plan plan, MachinePlan machine)
    {
        var hasAuthority = plan.Secrets.Any(s => s.Role == machine.Role && s.Name == "extra_ca");
        if (plan.Cloud.Facts.Bundles is { } only && UserDataScripts.FitOnlyBundle(machine.Role, plan.Cloud.Facts.Key))
            return Bundled(plan, machine, only, hasAuthority);
        var scripts = UserDataScripts.Of(machine.Role, plan.Cloud.Facts.Key, hasAuthority);
        var digest = DigestOf(plan, machine, scripts.Digest);
        var head = Head(plan, machine, machine.Values.Append(VmValue.Configure("digest", digest, "")));
        var limit = plan.Cloud.Facts.UserDataLimit;
        if (head.Length + scripts.Plain.Length <= limit)
            return Same(machine, [.. head, .. scripts.Plain.Span], limit, digest);
        byte[] sent = [.. Gzip.Member(head), .. scripts.Compressed];
        return sent.Length > limit && plan.Cloud.Facts.Bundles is { } store ? Bundled(plan, machine, store, hasAuthority)
            : new UserData(machine, (byte[])[.. head, .. scripts.Plain.Span], sent, true, limit, digest);
    }

    private static UserData Bundled(Plan plan, MachinePlan machine, BundleStore store, bool hasAuthority)
    {
        var cloud = plan.Cloud.Facts.Key;
        var brought = MachineFiles.InBundle(UserDataScripts.Files(machine.Role, cloud, hasAuthority), cloud);
        var fetching = ScriptEntries.Of(MachineFiles.BeforeBundle(brought, cloud));
        var digest = DigestOf(plan, machine, Fingerprint.Of(12, brought, [Fingerprint.Of(fetching.Span)]));
        var named = VmValue.Configure("digest", digest, "");
        var bundle = Bundle.Of(plan, machine.Key, store, Head(plan, machine, machine.Values.Append(named)),
            UserDataScripts.InBundle(machine.Role, cloud, hasAuthority, brought));
        byte[] plain = [.. Head(plan, machine, bundle.Named(plan, machine).Append(named)), .. fetching.Span];
        var limit = plan.Cloud.Facts.UserDataLimit;
        return plain.Length <= limit - Bundle.Reserve ? Same(machine, plain, limit, digest) with { Bundle = bundle }
            : new UserData(machine, plain, Gzip.Member(plain), true, limit, digest, bundle);
    }

    private static UserData Same(MachinePlan machine, byte[] plain, int limit, string digest) =>
        new(machine, plain, plain, false, limit, digest);

    private static string DigestOf(Plan plan, MachinePlan machine, string scripts) =>
        Fingerprint.Of(12, machine.Values.SelectMany(v => new[] { v.Name, v.Value }).Concat(plan.SshKeys).Prepend(scripts));

    /// <summary>User-data up to the scripts.</summary>
    private static byte[] Head(Plan plan, MachinePlan machine, IEnumerable<VmValue> lines)
    {
        var values = ValuesFile.Write(lines);
        var head = Templates.Render("cloud-init/user-data.yaml.scriban", new ScriptObject
        {
            ["stack"] = plan.Name,
            ["role"] = machine.Role,
            ["ssh_keys"] = plan.SshKeys.ToArray(),
            ["boot"] = $"{MachineFiles.Directory}/boot",
            ["values_path"] = MachineFiles.ValuesPath,
            ["values"] = values,
        });
        ArtifactCheck.UserData(head, values, plan.SshKeys);
        return Encoding.UTF8.GetBytes(head);
    }
}
