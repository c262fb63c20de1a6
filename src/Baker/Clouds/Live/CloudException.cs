namespace Baker.Clouds.Live;

/// <summary>Why a cloud did not do what was asked.</summary>
public enum CloudFailure
{
    /// <summary>No credentials, or expired ones.</summary>
    NotSignedIn,

    /// <summary>The credentials may not do this.</summary>
    Denied,

    /// <summary>A limit of the account or of this machine.</summary>
    Quota,

    /// <summary>The zone has none left; another zone may.</summary>
    NoCapacity,

    /// <summary>Something of that name or address is there and belongs to somebody else.</summary>
    Taken,

    /// <summary>Somebody else works on the same stack.</summary>
    Locked,

    /// <summary>No answer, or not in time.</summary>
    Unreachable,

    /// <summary>Everything else.</summary>
    Refused,
}

/// <summary>A cloud refused. Each cloud translates its own errors into this, once, at its border.</summary>
public sealed class CloudException : Exception
{
    /// <param name="doing">What was attempted: <c>creating the machine duo-ollama</c>.</param>
    /// <param name="answer">The cloud's own code and words; never a secret.</param>
    /// <param name="advice">What the user can do; null when the answer says it.</param>
    public CloudException(CloudFailure failure, string doing, string answer, string? advice = null, Exception? inner = null)
        : base($"{doing}: {answer}{(advice is null ? "" : $"\n  {advice}")}", inner) => Failure = failure;

    public CloudFailure Failure { get; }

    /// <summary>Several refusals at once: all are told, the first decides what kind it is.</summary>
    public static CloudException Together(IReadOnlyList<CloudException> all) =>
        all is [var only] ? only : new CloudException(all[0].Failure, string.Join('\n', all.Select(e => e.Message)), all);

    private CloudException(CloudFailure failure, string text, IEnumerable<Exception> all)
        : base(text, new AggregateException(all)) => Failure = failure;
}
