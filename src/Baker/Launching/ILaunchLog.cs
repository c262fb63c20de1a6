namespace Baker.Launching;

/// <summary>Who hears what a launch does. Terminals, plain logs and programs each have their own.</summary>
public interface ILaunchLog
{
    /// <summary>Something was done or decided: one line.</summary>
    /// <param name="subject">What it is about: a machine's name, <c>network</c>, <c>address</c>.</param>
    void Say(string subject, string text);

    /// <summary>How far the machines are. Called whenever something has changed, and at least every few seconds while waiting.</summary>
    void Show(IReadOnlyList<MachineProgress> machines, TimeSpan elapsed);
}
