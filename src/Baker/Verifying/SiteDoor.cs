using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Baker.Diagnostics;

namespace Baker.Verifying;

/// <summary>The way to GitLab from here: straight to an address, past any proxy, by the name in its URL.</summary>
/// <param name="site">GitLab's URL.</param>
/// <param name="addresses">Where it is looked for; not empty.</param>
/// <param name="authorities">Trusted beside the system's.</param>
/// <param name="connect">Opens a TCP connection to the first of these addresses that takes it, at this port.</param>
public sealed class SiteDoor(
    Uri site, IPAddress[] addresses, X509Certificate2Collection authorities, TimeProvider time,
        Func<IPAddress[], int, CancellationToken, Task<Stream>> connect)
{
    /// <summary>
    /// For one answer of a page. nginx gives Puma 60 seconds and then says 502; who waits longer than this has no use of the page.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>GitLab's OpenID document has about two thousand bytes.</summary>
    private const int MostBytes = 64 * 1024;

    private readonly CertificateJudge _judge = new(site.IdnHost, authorities, time);

    public Uri Site => site;

    /// <summary>Opens the first page whatever the certificate is, and tells nothing.</summary>
    public async Task<SiteSeen> LookAsync(CancellationToken cancel)
    {
        CertificateSeen? certificate = null;
        var isConnected = false;
        using var web = Web(seen => certificate = seen, () => isConnected = true, onlyGood: false);
        int? status = null;
        try
        {
            using (var page = await WithinAsync(Patience, c =>
                web.GetAsync(new Uri(site, "/users/sign_in"), HttpCompletionOption.ResponseHeadersRead, c), cancel))
                status = (int)page.StatusCode;
            using var document = await WithinAsync(Patience, c =>
                web.GetAsync(new Uri(site, "/.well-known/openid-configuration"), c), cancel);
            var issuer = document.StatusCode == HttpStatusCode.OK ? GitLabJson.Issuer(await document.Content.ReadAsByteArrayAsync(cancel))
                : null;
            return new SiteSeen(isConnected, certificate, status, issuer, null);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            return new SiteSeen(isConnected, certificate, status, null, Reason(e));
        }
    }

    /// <summary>A client that speaks only to a good certificate, and follows nobody elsewhere: fit for a token.</summary>
    public HttpClient Trusted() => Web(_ => { }, () => { }, onlyGood: true);

    /// <exception cref="TimeoutException">It took longer.</exception>
    public async Task<T> WithinAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        using var clock = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancel);
        try
        {
            return await work(both.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {limit.TotalSeconds:0} s", e);
        }
    }

    /// <summary>The system's own words; they name no secret.</summary>
    public static string Reason(Exception e) =>
        Printable.Line(e.InnerException is SocketException or IOException or System.Security.Authentication.AuthenticationException
        ? e.InnerException.Message : e.Message);

    private HttpClient Web(Action<CertificateSeen> see, Action connected, bool onlyGood)
    {
        var way = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
        way.ConnectCallback = async (context, cancel) =>
        {
            var stream = await connect(addresses, context.DnsEndPoint.Port, cancel);
            connected();
            return stream;
        };
        way.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            if (certificate is not X509Certificate2 leaf)
                return false;
            var seen = _judge.Judge(leaf, chain);
            see(seen);
            return !onlyGood || seen.IsGood(time.GetUtcNow());
        };
        return new HttpClient(way) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MostBytes * 16 };
    }
}
