namespace Baker.Clouds.Live.Local;

/// <summary>QEMU's run states in the words that all clouds share.</summary>
internal static class MachineStates
{
    /// <param name="status">Null: QEMU does not answer.</param>
    public static MachineState Of(string? status) => status switch
    {
        null or "prelaunch" or "inmigrate" => MachineState.Starting,
        "running" => MachineState.Running,
        "shutdown" => MachineState.Stopping,
        // paused, suspended, io-error (a full disk), internal-error, guest-panicked…: its processors stand still until it is started
        // again.
        _ => MachineState.Stopped,
    };
}
