using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Baker.Tests.Launching;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>The line between the vendor's clients and the pretended account.</summary>
internal sealed class AwsFakeWire(AwsFakeAccount account, int process) : HttpClientFactory
{
    /// <summary>What a request takes.</summary>
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(150);

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Line(account, process));

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    private sealed class Line(AwsFakeAccount account, int process) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            var target = request.Headers.TryGetValues("X-Amz-Target", out var targets) ? targets.First() : null;
            var fault = account.Next(process, request.RequestUri!.Host switch { "route53.fake" => CallAbout.Zone, "iam.fake" => CallAbout.Identity, _ => CallAbout.Other });
            await Task.Delay(Latency, account.Time, cancellationToken);
            using var busy = account.Time.Busy();
            var answer = request.RequestUri!.Host == "route53.fake" ? Zone(request.Method.Method, request.RequestUri, body, fault) : Answer(request.RequestUri.Host, body, target, fault);
            answer.Content = new StringContent(account.Mangle(await answer.Content.ReadAsStringAsync(cancellationToken)), Encoding.UTF8, answer.Content.Headers.ContentType!.MediaType!);
            return fault == Fault.Kill ? throw new KilledException() : answer;
        }

        private HttpResponseMessage Answer(string host, string body, string? target, Fault fault)
        {
            try
            {
                if (target is not null)
                {
                    var (service, operation) = target.Split('.') is [var prefix, var name] ? (prefix, name) : throw new Ec2Refusal("UnknownOperationException", target);
                    if (service == "ServiceQuotasV20190624")
                    {
                        account.Record($"servicequotas:{operation}", body);
                        Refuse(account.Denied.Contains($"servicequotas:{operation}") ? Fault.Refuse : fault, "AccessDeniedException");
                        return Reply(200, account.QuotasAnswer(operation, JsonNode.Parse(body)!.AsObject()), "application/x-amz-json-1.1");
                    }
                    account.Record($"ssm:{operation}", body);
                    Refuse(account.Denied.Contains($"ssm:{operation}") ? Fault.Refuse : fault, "AccessDeniedException");
                    return Reply(200, account.SsmAnswer(operation, JsonNode.Parse(body)!.AsObject()), "application/x-amz-json-1.1");
                }
                var form = body.Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => WebUtility.UrlDecode(p[0]), p => WebUtility.UrlDecode(p[1]));
                var action = form["Action"];
                if (host == "iam.fake")
                {
                    account.Record($"iam:{action}", body);
                    Refuse(account.Denied.Contains($"iam:{action}") ? Fault.Refuse : fault, "AccessDenied");
                    return Reply(200, account.IamAnswer(action, form), "text/xml");
                }
                account.Record($"{(action == "GetCallerIdentity" ? host.Split('.')[0] : "ec2")}:{action}", body);
                Refuse(fault, "UnauthorizedOperation");
                return Reply(200, action == "GetCallerIdentity" ? CallerIdentity : account.Ec2(action, form), "text/xml");
            }
            catch (Ec2Refusal refusal)
            {
                return target is not null
                    ? Reply(refusal.Status, new JsonObject { ["__type"] = refusal.Code, ["message"] = refusal.Message }.ToJsonString(), "application/x-amz-json-1.1")
                    : host == "iam.fake" ? Reply(refusal.Status, $"<ErrorResponse xmlns=\"{IamModel.Namespace}\"><Error><Type>Sender</Type><Code>{refusal.Code}</Code><Message>{WebUtility.HtmlEncode(refusal.Message)}</Message></Error></ErrorResponse>", "text/xml")
                    : Reply(refusal.Status, $"<Response><Errors><Error><Code>{refusal.Code}</Code><Message>{WebUtility.HtmlEncode(refusal.Message)}</Message></Error></Errors><RequestID>fake</RequestID></Response>", "text/xml");
            }
        }

        private HttpResponseMessage Zone(string method, Uri url, string body, Fault fault)
        {
            try
            {
                var query = System.Web.HttpUtility.ParseQueryString(url.Query);
                var (operation, id) = Route53Model.Vendor.Read(method, url.AbsolutePath, query.AllKeys.OfType<string>().ToDictionary(k => k, k => query[k]!), body);
                account.Record($"route53:{operation}", body);
                Refuse(account.Denied.Contains($"route53:{operation}") ? Fault.Refuse : fault, "AccessDenied");
                return Reply(200, account.Route53Answer(operation, id, query.AllKeys.OfType<string>().ToDictionary(k => k, k => query[k]!), body), "text/xml");
            }
            catch (Ec2Refusal refusal)
            {
                return Reply(refusal.Status, account.Route53.Refusal(refusal), "text/xml");
            }
        }

        private static void Refuse(Fault fault, string code)
        {
            if (fault == Fault.Refuse)
                throw new Ec2Refusal(code, "You are not authorized to perform this operation.", 403);
        }

        private const string CallerIdentity = """
            <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ops</Arn>
            <UserId>AIDA</UserId><Account>123456789012</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>fake</RequestId></ResponseMetadata></GetCallerIdentityResponse>
            """;

        private static HttpResponseMessage Reply(int status, string text, string type) =>
            new((HttpStatusCode)status) { Content = new StringContent(text, Encoding.UTF8, type), Headers = { { "x-amzn-RequestId", "fake" } } };
    }
}
