using System.Collections;
using System.Net;
using System.Reflection;
using Baker.Clouds.Facts;
using Baker.Diagnostics;
using Baker.Language.Values;

namespace Baker.Tests.Support;

/// <summary>One sentence that the tool can say: a method of a <c>*Messages</c> class, called with values that stand for any.</summary>
/// <param name="Messages">What it says, with flags off and on.</param>
public sealed record MessageFactory(string Name, IReadOnlyList<Message> Messages)
{
    public string Code => Messages[0].Code;

    public static IReadOnlyList<MessageFactory> All { get; } =
    [
        .. typeof(Message).Assembly.GetTypes()
            .Where(t => t.IsAbstract && t.IsSealed && t.Name.EndsWith("Messages", StringComparison.Ordinal))
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(m => m.ReturnType == typeof(Message))
            .Select(m => new MessageFactory($"{m.DeclaringType!.Name}.{m.Name}", [Call(m, false), Call(m, true)])),
    ];

    private static Message Call(MethodInfo method, bool flag) =>
        (Message)method.Invoke(null, [.. method.GetParameters().Select(p => Value(p, flag))])!;

    private static object Value(ParameterInfo parameter, bool flag) => parameter.ParameterType switch
    {
        var t when t == typeof(bool) => flag,
        var t when t == typeof(int) => 7,
        var t when t == typeof(decimal) => 7m,
        // A name with a dot and a version at once: some sentences take a version apart.
        var t when t == typeof(string) => "19.4.8",
        var t when t == typeof(IPNetwork) => IPNetwork.Parse("10.0.0.0/8"),
        var t when t == typeof(Gpu) => new Gpu("T4", 1, 16),
        var t when t == typeof(MachineType) => new MachineType("m", 4, 8, new Gpu("T4", 1, 16)),
        var t when t == typeof(Lookalike) => Lookalike.Find("\u2013")!,
        var t when t.IsAssignableTo(typeof(IEnumerable)) => new[] { "one", "two" },
        var t => throw new NotSupportedException($"{parameter.Member.Name} takes a {t}; say here what stands for one"),
    };
}
