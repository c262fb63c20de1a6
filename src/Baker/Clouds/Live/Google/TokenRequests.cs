using System.Net.Http.Headers;
using System.Text.Json;
using Baker.Clouds.Live.Google.Wire;
using Google.Apis.Http;

namespace Baker.Clouds.Live.Google;

/// <summary>
/// The connections by which credentials get their tokens. The library reads errors of OAuth's form alone and names no server: here the
/// newer form becomes OAuth's, and a server that does not answer is named.
/// </summary>
internal sealed class TokenRequests : HttpClientFactory
{
    protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => new Reading(base.CreateHandler(args));

    private sealed class Reading(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response;
            try
            {
                response = await base.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException e)
            {
                throw new NoTokenException(request.RequestUri!.Authority, e);
            }
            if (!response.IsSuccessStatusCode && Sentence(await response.Content.ReadAsByteArrayAsync(cancellationToken)) is { } error)
                response.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(error, GoogleJson.Default.TokenError))
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
                };
            return response;
        }

        /// <summary>What the newer services say; null for anything else.</summary>
        private static TokenError? Sentence(byte[] body)
        {
            try
            {
                return JsonSerializer.Deserialize(body, GoogleJson.Default.ErrorEnvelope)?.Error is { Message: { } said } error
                    ? new TokenError(error.Status ?? "refused", said) : null;
            }
            catch (JsonException)
            {
                // OAuth's own form, where "error" is a word, or a proxy's page.
                return null;
            }
        }
    }
}

/// <summary>The server that gives out tokens does not answer.</summary>
internal sealed class NoTokenException(string server, HttpRequestException inner)
    : HttpRequestException(inner.Message, inner, inner.StatusCode)
{
    public string Server => server;
}
