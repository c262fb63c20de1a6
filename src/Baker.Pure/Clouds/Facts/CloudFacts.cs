using System.Collections.Immutable;
using Baker.Diagnostics;
using Baker.Language.Secrets;
using Baker.Language.Shapes;

namespace Baker.Clouds.Facts;

/// <summary>
/// What is known about a cloud without asking it: names, sizes, limits. Everything pure that differs between clouds is
/// answered here, so that neither roles nor rules ever ask which cloud they are on.
/// </summary>
public abstract class CloudFacts
{
    /// <summary>The spec's word: <c>aws</c>, <c>gcp</c>, <c>local</c>.</summary>
    public abstract string Key { get; }

    /// <summary>The name in a sentence.</summary>
    public abstract string Title { get; }

    /// <summary>The keys under <c>cloud.&lt;Key&gt;</c>.</summary>
    public abstract MapShape Shape { get; }

    /// <summary>The cloud's own secret store, also the home of generated secrets.</summary>
    public abstract SecretKind SecretStore { get; }

    /// <summary>Most bytes of user-data the cloud takes, as sent.</summary>
    public abstract int UserDataLimit { get; }

    /// <summary>
    /// Where user-data that is larger than <see cref="UserDataLimit"/> is kept for its VM, which reads it with its identity; null where
    /// nothing is so large.
    /// </summary>
    public virtual BundleStore? Bundles => null;

    /// <summary>
    /// The role key that names a VM's identity (<c>instance_profile</c>, <c>service_account</c>); null where VMs have none.
    /// </summary>
    public abstract string? IdentityKey { get; }

    /// <summary>What that key names; empty where VMs have no identity.</summary>
    public virtual string IdentityTitle => "";

    /// <summary>What a launch calls the identity that it makes for a VM; null where VMs have none.</summary>
    /// <param name="machine">The VM's own name.</param>
    public virtual string? MadeIdentity(CloudSpec spec, string machine) => null;

    /// <summary>True where what a launch makes can be kept within a limit that somebody else sets.</summary>
    public virtual bool HasBoundaries => false;

    /// <summary>True when stacks there are reached by a port of this machine, so that ports in the URL make sense.</summary>
    public virtual bool IsDesk => false;

    /// <summary>How the spec names a zone of DNS in which a launch can make a record; null where there is none.</summary>
    public virtual Key? DnsZone => null;

    /// <summary>True when the managed network has a public and a private subnet; false when one subnet holds all.</summary>
    public abstract bool SplitsSubnets { get; }

    /// <summary>Packer's builder, which is also the name of its template; null where the cloud makes images itself.</summary>
    public abstract string? PackerBuilder { get; }

    /// <summary>The builder accesses that <c>images.builder.access</c> may name.</summary>
    public abstract ImmutableArray<string> BuilderAccess { get; }

    /// <summary>The program by which Packer reaches a builder with this access; null where it needs none.</summary>
    public virtual string? BuilderProgram(string access) => null;

    public abstract CloudSpec Read(SpecMap map);

    /// <summary>Rules of the cloud's own part of the spec.</summary>
    public abstract void Check(CloudSpec spec, DiagnosticBag bag);

    public abstract string DefaultMachine(MachineClass wanted);

    /// <summary>The GPU that is attached when neither machine nor GPU is named; null when the default machine brings its own.</summary>
    public virtual Gpu? DefaultAttachedGpu(MachineClass wanted) => null;

    /// <summary>Facts of a type, or null when Baker does not know it.</summary>
    public abstract MachineType? FindMachine(string name);

    /// <summary>True for machine types that cannot run what the roles install, which is x86-64.</summary>
    public virtual bool IsArm(string machine) => false;

    /// <summary>
    /// True for machine types that bring disks whose content is gone after a stop, and that nothing tells from an empty data disk.
    /// </summary>
    public virtual bool HasDisksOfItsOwn(string machine) => false;

    /// <summary>True for machine types whose speed is lent by the hour and runs out.</summary>
    public virtual bool IsBurstable(string machine) => false;

    /// <summary>Says why a name cannot be a machine type here, or null when it may be one.</summary>
    public abstract Message? MachineProblem(string name);

    /// <summary>The GPU <paramref name="type"/> attached to <paramref name="machine"/>, or why that cannot be.</summary>
    public abstract (Gpu? Gpu, Message? Problem) AttachGpu(string machine, string type, int count);

    /// <summary>Says what is wrong with the name of an existing thing (network, subnet, address, image, key), or null.</summary>
    public abstract string? IdProblem(CloudId kind, string id);

    /// <summary>Says why a stack cannot have this name here, beyond what holds everywhere; or null.</summary>
    public virtual string? NameProblem(string stack) => null;

    /// <summary>How somebody gets a GPU here, to be read after "there is none".</summary>
    public abstract string GpuAdvice { get; }

    /// <summary>Says what is wrong with a tag or label, or null.</summary>
    public abstract string? TagProblem(string key, string value);

    /// <summary>How the cloud leads people into a VM; null: not at all.</summary>
    public virtual CloudEntry? Entry => null;

    /// <summary>What a VM reaches for that, each directly: whoever calls knows no proxy of the spec.</summary>
    public virtual IEnumerable<string> EntryUrls(CloudSpec spec) => [];

    /// <summary>The command by which a person takes that way.</summary>
    /// <param name="id">The cloud's own name for the VM.</param>
    public virtual string EntryCommand(CloudSpec spec, string name, string id, string zone) => "";

    /// <summary>The cloud's word for the disks that a machine type boots from and keeps data on.</summary>
    public abstract string DiskType(string machine);

    /// <summary>True where a secret costs for as long as it is kept.</summary>
    public virtual bool BillsSecrets => false;

    /// <summary>Says why the firewall takes no rule with this description, or null.</summary>
    public virtual string? RuleTextProblem(string text) => null;

    /// <summary>Where a secret that `baker launch` makes is stored.</summary>
    public abstract string MadeSecret(CloudSpec spec, string stack, string secret);

    /// <summary>A reference's location in the form the VM needs.</summary>
    public virtual string SecretLocation(CloudSpec spec, Secret secret) => secret.Location;

    /// <summary>Where VMs fetch secrets; null where they come on a disk.</summary>
    public abstract string? SecretStoreUrl(CloudSpec spec);

    /// <summary>
    /// The least policy that lets a VM read these secrets, in the cloud's own form; empty where rights are granted secret by secret.
    /// </summary>
    public virtual string SecretPolicy(CloudSpec spec, IEnumerable<string> locations, string? kmsKey) => "";

    /// <summary>
    /// All that a VM's identity may where a launch makes it, in the cloud's own form; empty where rights are granted secret by secret.
    /// </summary>
    public virtual string IdentityPolicy(CloudSpec spec, IdentityRights rights, string? kmsKey) => "";

    /// <summary>The most that any VM of the stack may need: the limit of what a launch makes.</summary>
    public virtual string BoundaryPolicy(CloudSpec spec, IEnumerable<IdentityRights> rights, string stack, string? kmsKey) => "";

    /// <summary>What a launch needs besides to make identities.</summary>
    public virtual string IdentityMakerPolicy(CloudSpec spec, IEnumerable<string> made, string? boundary) => "";

    /// <summary>
    /// The least policy of whoever launches the stack, in the cloud's own form; empty where none can be written down before.
    /// </summary>
    public virtual string LaunchPolicy(CloudSpec spec, LaunchRights rights) => "";

    /// <summary>What a launch needs besides to make the record of a name.</summary>
    /// <param name="zone">As the spec names it; null: whichever fits.</param>
    public virtual string DnsPolicy(CloudSpec spec, string host, string? zone) => "";

    /// <summary>The same of whoever bakes its images.</summary>
    public virtual string BakePolicy(CloudSpec spec, BakeRights rights) => "";

    /// <summary>
    /// The project that a secret or an identity lies in, which need not be that of the machines; empty where there are no projects.
    /// </summary>
    public virtual string ProjectOf(string name) => "";

    /// <summary>
    /// The arguments of the cloud's own command-line tool that start a VM by hand, by their names in the review page's template.
    /// </summary>
    public abstract IEnumerable<(string Name, string Value)> ManualLaunchNames(ManualLaunch vm);

    /// <summary>The Ubuntu archive that the cloud's images are set up with.</summary>
    public abstract string AptArchive(CloudSpec spec);

    /// <summary>How many addresses the cloud keeps for itself at the start and the end of a subnet.</summary>
    public abstract (int First, int Last) ReservedAddresses { get; }
}

/// <summary>A place for user-data that its cloud has no room for.</summary>
/// <param name="Beginning">Of the names of all that Baker stores there.</param>
/// <param name="PartLength">Most characters in one part.</param>
public sealed record BundleStore(string Beginning, int PartLength)
{
    /// <summary>What all bundles of a stack begin with.</summary>
    public string Root(string stack) => $"{Beginning}{stack}/user-data/";

    /// <summary>What all bundles of a role begin with.</summary>
    public string Folder(string stack, string role) => $"{Root(stack)}{role}/";
}

/// <summary>Kinds of existing things a spec may name.</summary>
public enum CloudId
{
    Network,
    Subnet,
    PublicAddress,
    Image,
    KmsKey,
    Identity,
    Boundary,
}

/// <summary>What a VM does by its identity.</summary>
/// <param name="Reads">Locations of secrets and bundles; a star at the end stands for all that begin so.</param>
/// <param name="HasEntry">The cloud's own way in leads through it.</param>
public sealed record IdentityRights(ImmutableArray<string> Reads, bool HasEntry);
