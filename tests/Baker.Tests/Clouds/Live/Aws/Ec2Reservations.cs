using System.Globalization;
using System.Text.Json.Nodes;

namespace Baker.Tests.Clouds.Live.Aws;

/// <summary>
/// On-demand capacity reservations of the pretended region. What is refused: EC2 API reference 2016-11-15, CreateCapacityReservation,
/// CancelCapacityReservation, ModifyInstanceCapacityReservationAttributes (the words are in botocore 1.43.11, ec2/2016-11-15/service-2.json), and EC2 User
/// Guide, "On-Demand Capacity Reservations": an unused one counts toward the account's limits; a machine has to be stopped to name another; one that
/// targets a reservation which has ended starts no more. The words of ReservationCapacityExceeded are those that Terraform's provider met (its issue 32458).
/// </summary>
internal sealed class Ec2Reservations(Ec2Store store, Func<string, string, Ec2Refusal?> isFull, Action<string, string?> hold)
{
    private static readonly string[] Filters = ["instance-type", "owner-id", "instance-platform", "availability-zone", "tenancy", "outpost-arn", "state", "start-date", "end-date", "end-date-type",
        "instance-match-criteria", "placement-group-arn"];

    private readonly Dictionary<string, (Ec2Thing Made, string Parameters)> _tokens = [];

    /// <summary>What becomes of the next that are asked for, instead of <c>active</c>.</summary>
    public Queue<string> Becoming { get; } = [];

    public IEnumerable<(string, Func<JsonObject, JsonObject>)> Operations =>
        [("CreateCapacityReservation", Create), ("DescribeCapacityReservations", Describe), ("CancelCapacityReservation", Cancel), ("ModifyInstanceCapacityReservationAttributes", Modify)];

    /// <summary>Types of those that are active and in which nothing runs.</summary>
    /// <param name="but">One that is about to be used.</param>
    public IEnumerable<string> Unused(string? but) => store.All.Where(t => t.Kind == "capacity-reservation" && t.Id != but && t.Text("State") == "active" && !IsUsed(t)).Select(t => t.Text("InstanceType")!);

    /// <summary>The reservation that a machine starts in; null: none.</summary>
    public string? Enter(JsonNode? specification, string type, string zone)
    {
        if ((string?)specification?["CapacityReservationTarget"]?["CapacityReservationId"] is not { } id)
            return null;
        var named = Get(id);
        return named.Text("State") == "active" && named.Text("InstanceType") == type && named.Text("AvailabilityZone") == zone && named.Text("InstancePlatform") == "Linux/UNIX" && !IsUsed(named) ? id
            : throw new Ec2Refusal("ReservationCapacityExceeded", "The requested reservation does not have sufficient compatible and available capacity for this request.");
    }

    private JsonObject Create(JsonObject request)
    {
        if (request["AvailabilityZone"] is null && request["AvailabilityZoneId"] is null)
            throw new Ec2Refusal("MissingParameter", "The request must contain the parameter AvailabilityZone or AvailabilityZoneId");
        if ((long)request["InstanceCount"]! is < 1 or > 1000)
            throw new Ec2Refusal("InvalidParameterValue", $"{request["InstanceCount"]} is an invalid value for InstanceCount. InstanceCount must be between 1 and 1000.");
        var (ends, limited) = ((string?)request["EndDate"], (string?)request["EndDateType"] == "limited");
        if (limited != ends is not null)
            throw new Ec2Refusal("InvalidParameterCombination", "EndDate goes with the EndDateType 'limited', and with no other");
        var (type, zone) = ((string)request["InstanceType"]!, (string)request["AvailabilityZone"]!);
        Ec2Store.Rehearse(request);
        if ((string?)request["ClientToken"] is { } token && _tokens.TryGetValue(token, out var before))
            return before.Parameters == request.ToJsonString() ? new JsonObject { ["CapacityReservation"] = Whole(before.Made) }
                : throw new Ec2Refusal("IdempotentParameterMismatch", "The client token you have provided is associated with a resource that was made with different parameters.");
        if (ends is not null && At(ends) <= store.Now)
            throw new Ec2Refusal("InvalidParameterValue", "The EndDate has to be in the future");
        hold(type, null);
        if (isFull(zone, type) is { } full)
            throw full;
        var made = store.Add("capacity-reservation", store.NewId("cr"), new JsonObject
        {
            ["InstanceType"] = type,
            ["InstancePlatform"] = request["InstancePlatform"]!.DeepClone(),
            ["AvailabilityZone"] = zone,
            ["TotalInstanceCount"] = request["InstanceCount"]!.DeepClone(),
            ["InstanceMatchCriteria"] = (string?)request["InstanceMatchCriteria"] ?? "open",
            ["EndDateType"] = limited ? "limited" : "unlimited",
            ["EndDate"] = ends,
            ["State"] = "pending",
        }, request);
        made.Body["CapacityReservationId"] = made.Id;
        var becomes = Becoming.TryDequeue(out var state) ? state : "active";
        store.Later(TimeSpan.FromSeconds(3), () => Turn(made, "pending", becomes));
        if (ends is not null)
            store.Later(At(ends) - store.Now, () => Turn(made, "active", "expired"));
        if ((string?)request["ClientToken"] is { } used)
            _tokens[used] = (made, request.ToJsonString());
        return new JsonObject { ["CapacityReservation"] = Whole(made) };
    }

    /// <summary>The filters are those that the reference lists; tags are none of them.</summary>
    private JsonObject Describe(JsonObject request) => new()
    {
        ["CapacityReservations"] = new JsonArray([.. store.Find("capacity-reservation", request, "CapacityReservationIds", "InvalidCapacityReservationId.NotFound",
            Filters.ToDictionary(f => f, f => string.Concat(f.Split('-').Select(w => char.ToUpperInvariant(w[0]) + w[1..])))).Select(r => (JsonNode)Whole(Get((string)r!["CapacityReservationId"]!)))]),
    };

    private JsonObject Cancel(JsonObject request)
    {
        Ec2Store.Rehearse(request);
        var named = Get((string)request["CapacityReservationId"]!);
        // The reference names the states, and no code.
        if (named.Text("State") is not ("active" or "assessing"))
            throw new Ec2Refusal("InvalidState", $"The Capacity Reservation '{named.Id}' is in the state '{named.Text("State")}' and cannot be cancelled.");
        named.Body["State"] = "cancelled";
        return new JsonObject { ["Return"] = true };
    }

    private JsonObject Modify(JsonObject request)
    {
        var instance = store.Get("instance", (string)request["InstanceId"]!, "InvalidInstanceID.NotFound");
        if (instance.Text("State.Name") != "stopped")
            throw new Ec2Refusal("IncorrectInstanceState", $"The instance '{instance.Id}' is not in the 'stopped' state.");
        var specification = request["CapacityReservationSpecification"]!;
        if ((string?)specification["CapacityReservationTarget"]?["CapacityReservationId"] is { } id)
            _ = Get(id);
        instance.Body["CapacityReservationSpecification"] = specification.DeepClone();
        return new JsonObject { ["Return"] = true };
    }

    private JsonObject Whole(Ec2Thing made)
    {
        var whole = made.Body.DeepClone().AsObject();
        whole["AvailableInstanceCount"] = made.Text("State") == "active" && !IsUsed(made) ? 1 : 0;
        return whole;
    }

    private bool IsUsed(Ec2Thing reservation) => store.All.Any(t => t.Kind == "instance" && t.Text("CapacityReservationId") == reservation.Id && t.Text("State.Name") is "pending" or "running" or "stopping");

    private Ec2Thing Get(string id) => store.Get("capacity-reservation", id, "InvalidCapacityReservationId.NotFound");

    private static void Turn(Ec2Thing reservation, string from, string to)
    {
        if (reservation.Text("State") == from)
            reservation.Body["State"] = to;
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
