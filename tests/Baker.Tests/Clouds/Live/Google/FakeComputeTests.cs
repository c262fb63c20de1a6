using System.Text;
using System.Text.Json.Nodes;
using Baker.Tests.Support;
using Xunit;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>Pretended Compute Engine refuses and remembers as the real one does; otherwise its approval would mean nothing.</summary>
public sealed class FakeComputeTests : IDisposable
{
    private const string Networks = "projects/my-project/global/networks";
    private const string Body = """{"name":"n","autoCreateSubnetworks":false}""";

    private readonly VirtualTime _time = new();
    private readonly FakeGoogle _google;

    public FakeComputeTests() => _google = new FakeGoogle(_time);

    [Theory]
    [InlineData("POST", Networks, """{"name":"n","autoCreateSubnetworks":false,"nmae":"x"}""", 400, "Unknown name \"nmae\"")]
    [InlineData("POST", Networks, """{"name":"n","autoCreateSubnetworks":"false"}""", 400, "TYPE_BOOL")]
    [InlineData("POST", Networks, """{"name":"N","autoCreateSubnetworks":false}""", 400, "resource.name")]
    [InlineData("POST", Networks, null, 400, "Required parameter")]
    [InlineData("POST", Networks + "?dryRun=true", Body, 400, "Cannot bind query parameter")]
    [InlineData("POST", Networks + "?requestId=00000000-0000-0000-0000-000000000000", Body, 400, "requestId")]
    [InlineData("POST", "projects/my-project/zones/z-a/disks", """{"name":"d","sizeGb":50}""", 400, "TYPE_STRING")]
    [InlineData("POST", "projects/my-project/zones/z-a/disks", """{"name":"d","sizeGb":"fifty"}""", 400, "TYPE_INT64")]
    [InlineData("POST", "projects/my-project/regions/r/addresses", """{"name":"a","labels":{"a":"b"}}""", 400, "setLabels")]
    [InlineData("GET", "projects/my-project/global/nothing", null, 404, "no method")]
    [InlineData("GET", Networks + "/missing", null, 404, "was not found")]
    [InlineData("GET", "projects/nobody", null, 404, "was not found")]
    [InlineData("GET", "projects/my-project/global/firewalls?filter=what", null, 400, "filter")]
    public async Task What_the_service_does_not_know_is_refused(string verb, string path, string? body, int status, string words)
    {
        var answer = await CallAsync(verb, path, body);
        Assert.Equal(status, answer.Status);
        Assert.Contains(words, answer.Body["error"]!["message"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operation_is_pending_then_running_then_done_and_a_repeated_request_is_the_same_one()
    {
        const string Call = Networks + "?requestId=5f3f9d4e-8a51-4d4c-9a0b-000000000001";
        var first = (await CallAsync("POST", Call, Body)).Body;
        Assert.Equal("PENDING", first["status"]!.ToString());
        Assert.Equal(first["name"]!.ToString(), (await CallAsync("POST", Call, Body)).Body["name"]!.ToString());
        // Its name is taken, and it cannot be seen.
        Assert.Equal(409, (await CallAsync("POST", Networks, Body)).Status);
        Assert.Equal(404, (await CallAsync("GET", $"{Networks}/n")).Status);
        Assert.Equal("DONE", (await WaitAsync(first))["status"]!.ToString());
        Assert.Equal(200, (await CallAsync("GET", $"{Networks}/n")).Status);
        Assert.Equal(400, (await CallAsync("POST", Call, """{"name":"other","autoCreateSubnetworks":false}""")).Status);
    }

    [Fact]
    public async Task What_is_being_deleted_keeps_its_name_and_what_is_used_stays()
    {
        await WaitAsync((await CallAsync("POST", Networks, Body)).Body);
        await WaitAsync((await CallAsync("POST", "projects/my-project/global/firewalls", $$"""{"name":"f","network":"{{Networks}}/n","allowed":[{"IPProtocol":"tcp"}]}""")).Body);
        var inUse = await CallAsync("DELETE", $"{Networks}/n");
        Assert.Equal("resourceInUseByAnotherResource", inUse.Body["error"]!["errors"]![0]!["reason"]!.ToString());
        await WaitAsync((await CallAsync("DELETE", "projects/my-project/global/firewalls/f")).Body);
        var going = (await CallAsync("DELETE", $"{Networks}/n")).Body;
        Assert.Equal(409, (await CallAsync("POST", Networks, Body)).Status);
        Assert.Equal("resourceNotReady", (await CallAsync("DELETE", $"{Networks}/n")).Body["error"]!["errors"]![0]!["reason"]!.ToString());
        await WaitAsync(going);
        Assert.Equal(404, (await CallAsync("GET", $"{Networks}/n")).Status);
    }

    [Fact]
    public async Task A_console_keeps_its_last_mebibyte()
    {
        var instance = _google.Compute.Plant("projects/my-project/zones/z-a/instances/i", new JsonObject { ["name"] = "i", ["status"] = "RUNNING" });
        instance.Serial.Append("lost").Append('x', FakeSerial.Kept - 4).Append("last");
        var all = (await CallAsync("GET", $"{instance.Path}/serialPort?port=1&start=0")).Body;
        Assert.Equal(("4", (FakeSerial.Kept + 4).ToString(System.Globalization.CultureInfo.InvariantCulture)), (all["start"]!.ToString(), all["next"]!.ToString()));
        var rest = (await CallAsync("GET", $"{instance.Path}/serialPort?port=1&start=-4")).Body;
        Assert.Equal("last", rest["contents"]!.ToString());
    }

    public void Dispose() => _time.Dispose();

    private Task<FakeAnswer> CallAsync(string verb, string path, string? body = null) =>
        _google.CallAsync(verb, new Uri($"http://127.0.0.1/compute/v1/{path}"), body is null ? null : Encoding.UTF8.GetBytes(body), TestContext.Current.CancellationToken);

    private async Task<JsonNode> WaitAsync(JsonNode operation)
    {
        while (operation["status"]!.ToString() != "DONE")
            operation = (await CallAsync("POST", $"{FakeCompute.Path(operation["selfLink"]!.ToString())}/wait")).Body;
        return operation;
    }
}
