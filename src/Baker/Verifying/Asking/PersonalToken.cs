namespace Baker.Verifying.Asking;

/// <summary>A user's personal access token. It goes into one header of requests to GitLab and nowhere else.</summary>
public sealed class PersonalToken
{
    /// <summary>Where it is read from: the variable that GitLab's own tools use.</summary>
    public const string Variable = "GITLAB_TOKEN";

    public const string HowToMake = "in GitLab: your picture, Edit profile, Access tokens, scope api; then put it into GITLAB_TOKEN";

    private readonly string _value;

    private PersonalToken(string value) => _value = value;

    /// <returns>Null where there is none, or something that no token looks like.</returns>
    public static PersonalToken? Of(string? text) =>
        text?.Trim() is { Length: > 0 } value && value.All(c => c is > ' ' and < '\x7f') ? new PersonalToken(value) : null;

    internal void PutInto(HttpRequestMessage request) => request.Headers.TryAddWithoutValidation("PRIVATE-TOKEN", _value);

    /// <summary>What a server says, without the token that it may have repeated.</summary>
    internal string Without(string text) => text.Replace(_value, "[token]", StringComparison.Ordinal);

    public override string ToString() => "[token]";
}
