using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Baker.Clouds.Live;
using Baker.Stack;

namespace Baker.Launching;

/// <summary>
/// Makes the secrets that the spec leaves to Baker and puts them, and the user's own files, where the VMs fetch them. A value is never
/// printed.
/// </summary>
/// <param name="readFile">A file that the spec names, by the path as it stands there.</param>
public sealed class SecretMaker(ISecretStore store, ImmutableArray<SecretPlan> plans, string gitLabHost, TimeProvider time,
    Func<string, byte[]> readFile)
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

    public async Task EnsureAsync(StackOwner owner, CancellationToken cancel)
    {
        foreach (var plan in plans.Where(p => p.LocalPath is not null))
            await store.PutAsync(owner, plan.Location, readFile(plan.LocalPath!), cancel);
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

    /// <summary>Says before anything is made which of the user's files cannot be read.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var plan in plans.Where(p => p.LocalPath is not null))
        {
            string? problem = null;
            try
            {
                if (readFile(plan.LocalPath!).Length == 0)
                    problem = "it is empty";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problem = e.Message;
            }
            if (problem is not null)
                yield return $"the file {plan.LocalPath} of secret {plan.Name}: {problem}";
        }
    }
}
