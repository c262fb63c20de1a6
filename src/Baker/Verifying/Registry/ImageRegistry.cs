using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Baker.Verifying.Registry;

/// <summary>
/// Asks a registry of container images for an image's tags, without a login. Docker Hub has an interface of its own for this; all others
/// speak that
/// of the distribution specification (opencontainers/distribution-spec 1.1, "Listing Tags"), with the token that Docker's registries ask
/// for.
/// </summary>
/// <param name="authorities">Trusted beside the system's.</param>
/// <param name="lookup">The IPv4 addresses of a name.</param>
public sealed partial class ImageRegistry(
    X509Certificate2Collection authorities, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>> lookup,
    Func<IPAddress[], int, CancellationToken, Task<Stream>> connect)
{
    private const string Hub = "hub.docker.com";

    /// <summary>For all of it: whoever waits longer can look with a browser.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A registry that hands out its tags a few at a time is not followed further.</summary>
    private const int MostPages = 20;

    /// <param name="registry">Host, with a port where it has one; null: Docker Hub.</param>
    /// <param name="repository">The image's name there.</param>
    /// <param name="beginning">Of the tags that are wanted.</param>
    public async Task<ImageTags> AskAsync(string? registry, string repository, string beginning, CancellationToken cancel)
    {
        var first = registry is null or "docker.io"
            ? new Uri($"https://{Hub}/v2/repositories/{repository}/tags?page_size=100&name={beginning}")
            : new Uri($"https://{registry}/v2/{repository}/tags/list?n=1000");
        using var clock = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancel);
        try
        {
            var names = ImmutableArray.CreateBuilder<string>();
            string? token = null;
            var page = first;
            for (var count = 0; page is not null && count < MostPages; count++)
            {
                using var answer = await GetAsync(page, repository, token, t => token = t, both.Token);
                if (!answer.IsSuccessStatusCode)
                    return new ImageTags(first.Authority, [], Refused(answer.StatusCode));
                var read = JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(both.Token),
                    RegistryJsonContext.Default.TagPage);
                names.AddRange((read?.Tags ?? read?.Results?.Select(r => r.Name) ?? [])
                    .Where(n => n?.StartsWith(beginning, StringComparison.Ordinal) == true));
                page = Next(answer, read?.Next, page);
            }
            return new ImageTags(first.Authority, names.ToImmutable(), null);
        }
        catch (JsonException)
        {
            return new ImageTags(first.Authority, [], "what it answers is no list of tags");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new ImageTags(first.Authority, [], SiteDoor.Reason(e));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new ImageTags(first.Authority, [], $"no answer within {Patience.TotalSeconds:0} s");
        }
    }

    private async Task<HttpResponseMessage> GetAsync(
        Uri page, string repository, string? token, Action<string> fetched, CancellationToken cancel)
    {
        var answer = await SendAsync(page, token, cancel);
        if (answer.StatusCode != HttpStatusCode.Unauthorized || token is not null || Challenge(answer, repository) is not { } realm)
            return answer;
        answer.Dispose();
        using var granted = await SendAsync(realm, null, cancel);
        if (!granted.IsSuccessStatusCode)
            throw new HttpRequestException($"{realm.Authority}, which it sends for a token, answers {(int)granted.StatusCode}");
        var read = JsonSerializer.Deserialize(await granted.Content.ReadAsByteArrayAsync(cancel), RegistryJsonContext.Default.TokenAnswer);
        if ((read?.Token ?? read?.AccessToken) is not { } made)
            throw new JsonException();
        fetched(made);
        return await SendAsync(page, made, cancel);
    }

    private async Task<HttpResponseMessage> SendAsync(Uri page, string? token, CancellationToken cancel)
    {
        var addresses = await lookup(page.IdnHost, cancel);
        if (addresses.Length == 0)
            throw new HttpRequestException($"{page.IdnHost} has no address here");
        var door = new SiteDoor(page, addresses, authorities, time, connect);
        using var web = door.Trusted();
        using var request = new HttpRequestMessage(HttpMethod.Get, page);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("baker", null));
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await web.SendAsync(request, cancel);
    }

    /// <summary>Where a token for reading is to be had; null: it asks for something else, such as a password.</summary>
    private static Uri? Challenge(HttpResponseMessage answer, string repository)
    {
        if (answer.Headers.WwwAuthenticate.FirstOrDefault(h =>
            h.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))?.Parameter is not { } parameter)
            return null;
        var said = Parameter().Matches(parameter)
            .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value, StringComparer.OrdinalIgnoreCase);
        if (!said.TryGetValue("realm", out var realm) || !Uri.TryCreate(realm, UriKind.Absolute, out var url)
            || url.Scheme != Uri.UriSchemeHttps)
            return null;
        var scope = said.GetValueOrDefault("scope") ?? $"repository:{repository}:pull";
        var service = said.TryGetValue("service", out var name) ? $"service={Uri.EscapeDataString(name)}&" : "";
        return new Uri($"{realm}{(url.Query.Length == 0 ? "?" : "&")}{service}scope={Uri.EscapeDataString(scope)}");
    }

    /// <summary>On the host that was asked, and nowhere else.</summary>
    private static Uri? Next(HttpResponseMessage answer, string? hub, Uri page)
    {
        var link = answer.Headers.TryGetValues("Link", out var links)
            ? links.Select(l => NextLink().Match(l)).FirstOrDefault(m => m.Success)?.Groups[1].Value : null;
        return (link ?? hub) is { } next && Uri.TryCreate(page, next, out var url) && url.Authority == page.Authority
            && url.Scheme == Uri.UriSchemeHttps ? url : null;
    }

    private static string Refused(HttpStatusCode code) => code switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "it wants a login",
        HttpStatusCode.NotFound => "it has no such image",
        HttpStatusCode.TooManyRequests => "it was asked too often from here; some minutes later it answers again",
        _ => $"it answers {(int)code}",
    };

    [GeneratedRegex("([a-zA-Z]+)=\"([^\"]*)\"")]
    private static partial Regex Parameter();

    [GeneratedRegex("<([^>]+)>\\s*;[^,]*rel=\"?next\"?")]
    private static partial Regex NextLink();
}
