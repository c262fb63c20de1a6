using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Baker.Clouds.Live;
using Baker.Stack;

namespace Baker.Launching;

/// <summary>
/// Makes the secrets that the spec leaves to Baker and puts them, and the user's own, where the VMs fetch them. A value is never
/// printed.
/// </summary>
/// <param name="readFile">A file that the spec names, by the path as it stands there.</param>
/// <param name="variable">An environment variable; null: it is not set.</param>
public sealed class SecretMaker(ISecretStore store, ImmutableArray<SecretPlan> plans, string gitLabHost, TimeProvider time,
    Func<string, byte[]> readFile, Func<string, string?> variable)
{
    /// <summary>No vowels, so no words: GitLab refuses passwords with common ones. No letters that people confuse.</summary>
    private const string Alphabet = "BCDFGHJKLMNPQRSTVWXYZbcdfghjkmnpqrstvwxz23456789";

    /// <summary>Length of a root password: with 48 letters and digits more than 130 bits.</summary>
    private const int PasswordLength = 24;

    /// <summary>Made anew together: a certificate fits one authority only.</summary>
    private static readonly string[] CertificateNames = ["tls_cert", "tls_key", "tls_ca"];

    /// <summary>Those that <see cref="EnsureAsync"/> makes.</summary>
    public async Task<ImmutableArray<SecretPlan>> MissingAsync(StackOwner owner, CancellationToken cancel)
    {
        var missing = new List<SecretPlan>();
        foreach (var plan in plans.Where(p => p.IsMade).DistinctBy(p => p.Location))
        {
            if (!await store.ExistsAsync(owner, plan.Location, cancel))
                missing.Add(plan);
        }
        // All three, also those that exist: whatever was cut off between them left a set that does not fit.
        return missing.Exists(p => CertificateNames.Contains(p.Name))
            ? [.. missing.Where(p => !CertificateNames.Contains(p.Name)),
                .. plans.Where(p => p.IsMade && CertificateNames.Contains(p.Name)).DistinctBy(p => p.Location)]
            : [.. missing];
    }

    /// <summary>What the user gives beside what is stored of it. What is stored already needs not be given again.</summary>
    /// <param name="storesAll">They are stored also over what somebody else has stored.</param>
    public async Task<ImmutableArray<GivenValue>> GivenAsync(StackOwner owner, bool storesAll, CancellationToken cancel)
    {
        var given = ImmutableArray.CreateBuilder<GivenValue>();
        foreach (var plan in plans.Where(p => p.Given is not null).DistinctBy(p => p.Location))
        {
            var (value, problem, isHere) = Read(plan);
            var state = await store.CompareAsync(owner, plan.Location, value, cancel);
            // A colleague launches with the spec and what is stored.
            given.Add(new GivenValue(plan, state, isHere || state == GivenState.Missing ? problem : null)
            {
                Stored = state is GivenState.Missing or GivenState.Older || (state == GivenState.Foreign && storesAll) ? value : null,
            });
        }
        return given.ToImmutable();
    }

    /// <param name="given">What <see cref="GivenAsync"/> said, and somebody has agreed to.</param>
    public async Task EnsureAsync(StackOwner owner, ImmutableArray<GivenValue> given, CancellationToken cancel)
    {
        foreach (var file in given)
        {
            if (file.Stored is { } value)
                await store.PutGivenAsync(owner, file.Plan.Location, value, cancel);
        }
        var missing = await MissingAsync(owner, cancel);
        var values = new Dictionary<string, string>();
        if (missing.Any(p => CertificateNames.Contains(p.Name)))
        {
            (values["tls_ca"], values["tls_cert"], values["tls_key"]) = StackAuthority.Make(owner.Stack, gitLabHost, time.GetUtcNow());
        }
        // The certificate's own authority last: as long as it is missing, the set is made again.
        foreach (var plan in missing.OrderBy(p => p.Name == "tls_ca"))
        {
            var value = values.GetValueOrDefault(plan.Name) ?? RandomNumberGenerator.GetString(Alphabet, PasswordLength);
            await store.PutAsync(owner, plan.Location, Encoding.UTF8.GetBytes(value), cancel);
        }
    }

    /// <summary>Why a value cannot be stored; null: it can.</summary>
    public string? Problem(ReadOnlyMemory<byte> value) =>
        value.Length == 0 ? "it is empty"
        : value.Length > store.MostBytes ? $"it has {value.Length} bytes, and one may have {store.MostBytes}"
        : Utf8.IsValid(value.Span) ? null : "it is no text in UTF-8";

    private (ReadOnlyMemory<byte>? Value, string? Problem, bool IsHere) Read(SecretPlan plan)
    {
        string Said(string problem) =>
            $"{(plan.LocalPath is null ? plan.Given : $"the file {plan.LocalPath}")} of secret {plan.Name}: {problem}";
        try
        {
            var value = plan.LocalPath is { } path ? readFile(path)
                : variable(plan.Variable!) is { } text ? Encoding.UTF8.GetBytes(text) : null;
            if (value is null)
                return (null, Said("it is not set, and nothing is stored yet"), false);
            return Problem(value) is { } problem ? (null, Said(problem), true) : (value, null, true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, Said(e.Message), e is not (FileNotFoundException or DirectoryNotFoundException));
        }
    }
}
