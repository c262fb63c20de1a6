using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Baker.Tests.Lab;
using Xunit;

namespace Baker.Tests.Machine;

/// <summary>The request that curl signs on the VM is the one that the AWS SDK would send.</summary>
public class SignatureTests
{
    private const string Id = "ASIAIOSFODNN7LABLAB0";
    private const string Key = "lab+secret/key";
    private const string Token = "lab-session-token==";

    [Fact]
    public async Task Curl_sends_what_the_sdk_sends_and_signs_it_alike()
    {
        await using var machine = await LabMachine.StartAsync(new() { Cloud = "aws" });
        await machine.FirstFilesAsync(LabSpec.Aws(machine), "gitlab");
        await machine.SetAsync(new JsonObject { ["secrets"] = new JsonObject { ["/duo/one"] = new JsonArray("value") } });
        (await machine.RunAsync("bash", "-c", SecretTests.Script("trust extra", "$extra_ca"))).Require();
        (await machine.RunAsync("bash", "-c", SecretTests.Script("secret", "aws_parameter:/duo/one"))).Require();
        var sent = await machine.AskAsync(new() { ["do"] = "signed" });
        var headers = sent["headers"]!.AsObject().ToDictionary(h => h.Key, h => (string)h.Value!);
        var body = (string)sent["body"]!;

        using var recorder = new Recorder(FreePort());
        var answer = recorder.AnswerAsync("""{"Parameter":{"Name":"/duo/one","Value":"value"}}""");
        using (var client = new AmazonSimpleSystemsManagementClient(new SessionAWSCredentials(Id, Key, Token), new AmazonSimpleSystemsManagementConfig { ServiceURL = recorder.Url, AuthenticationRegion = "eu-north-1" }))
            await client.GetParameterAsync(new GetParameterRequest { Name = "/duo/one", WithDecryption = true }, TestContext.Current.CancellationToken);
        await answer;

        foreach (var name in new[] { "content-type", "x-amz-target", "x-amz-security-token", "content-length" })
            Assert.Equal(recorder.Headers[name], headers[name]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(recorder.Body), JsonNode.Parse(body)), $"{recorder.Body} and {body}");
        Assert.Equal(recorder.Headers["x-amz-date"].Length, headers["x-amz-date"].Length);

        // What the SDK signs beside these is about its own retries.
        var signed = Signed(headers["authorization"]);
        Assert.Superset(new HashSet<string>(["content-type", "host", "x-amz-date", "x-amz-security-token", "x-amz-target"]), signed.ToHashSet());
        Assert.Subset(new HashSet<string>([.. Signed(recorder.Headers["authorization"]), "content-type"]), signed.ToHashSet());

        var same = SdkSignature.Authorization(new Uri("https://ssm.eu-north-1.amazonaws.com/"), headers.Where(h => signed.Contains(h.Key)), body, Id, Key, "eu-north-1");
        Assert.Equal(same, headers["authorization"]);
    }

    private static string[] Signed(string authorization) => authorization.Split("SignedHeaders=")[1].Split(',')[0].Split(';');

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
