using System.Globalization;
using System.Text.Json.Nodes;

namespace Baker.Tests.Clouds.Live.Google;

/// <summary>A serial port of which the last mebibyte is kept.</summary>
internal static class FakeSerial
{
    public const int Kept = 1 << 20;

    public static FakeAnswer Read(FakeThing instance, IReadOnlyDictionary<string, string> query)
    {
        if (query.GetValueOrDefault("port", "1") is not ("1" or "2" or "3" or "4"))
            return FakeAnswer.Invalid("Invalid value for field 'port'");
        if (instance.Text("status") is "PROVISIONING")
            return FakeAnswer.Error(400, "resourceNotReady", $"The resource '{instance.Path}' is not ready");
        var (length, oldest) = (instance.Serial.Length, Math.Max(0, instance.Serial.Length - Kept));
        var asked = int.Parse(query.GetValueOrDefault("start", "0"), CultureInfo.InvariantCulture);
        var start = Math.Clamp(asked < 0 ? length + asked : asked, oldest, length);
        return FakeAnswer.Ok(new JsonObject
        {
            ["contents"] = instance.Serial.ToString(start, length - start),
            ["start"] = start.ToString(CultureInfo.InvariantCulture),
            ["next"] = length.ToString(CultureInfo.InvariantCulture),
        });
    }
}
