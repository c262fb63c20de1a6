using System.Net;
using System.Text;
using Baker.Tests.Launching;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>The wire between one process and pretended Google.</summary>
internal sealed class FakeGoogleHandler(GoogleAccountFake account, int process) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        FakeAnswer answer;
        var fault = account.Next(process, request.RequestUri!.AbsolutePath is var path && path.StartsWith("/dns/", StringComparison.Ordinal) ? CallAbout.Zone
            : path.Contains("/serviceAccounts", StringComparison.Ordinal) ? CallAbout.Identity : CallAbout.Other);
        var content = request.Content is null ? null : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var isChange = request.Method != HttpMethod.Get && request.RequestUri!.AbsolutePath.StartsWith("/compute/", StringComparison.Ordinal) && !request.RequestUri.AbsolutePath.EndsWith("/wait", StringComparison.Ordinal);
        // Half of what is refused is refused late: the call is answered with 200, and its operation ends in an error.
        if (fault == Fault.Refuse && isChange && account.Calls % 2 == 0)
            account.Google.Compute.FailNextOperation = true;
        else if (fault == Fault.Refuse)
            return Response(FakeAnswer.Invalid("not today"));
        answer = await account.Google.CallAsync(request.Method.Method, request.RequestUri!, content, cancellationToken);
        return fault == Fault.Kill ? throw new KilledException() : Response(answer);
    }

    private HttpResponseMessage Response(FakeAnswer answer) =>
        new((HttpStatusCode)answer.Status) { Content = new StringContent(account.Mangle(answer.Body.ToJsonString()), Encoding.UTF8, "application/json") };
}
