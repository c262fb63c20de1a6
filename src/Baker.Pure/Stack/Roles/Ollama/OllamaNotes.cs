namespace Baker.Stack.Roles.Ollama;

/// <summary>What the review page says of how Ollama is set up, and why.</summary>
internal static class OllamaNotes
{
    public static IEnumerable<string> Of(MachinePlan machine, StackPlan stack)
    {
        yield return $"Ollama is installed from a pinned archive ({stack.ModelServerVersion}), not by the install script: "
            + "under cloud-init that script neither enables nor starts the service, and checks no sum.";
        yield return machine.Value("filter").Length > 0
            ? $"nginx holds {machine.Value("model_host")}, which the VM's own firewall opens to the gateway only, and lets through what "
                + $"asks the model: Ollama has no authentication. Ollama itself listens on {machine.Value("ollama_host")} (OLLAMA_HOST), "
                + "for root of this VM and that nginx."
            : $"OLLAMA_HOST is {machine.Value("ollama_host")}, and the VM's own firewall admits the gateway only: Ollama has no "
                + "authentication. Nothing filters what the gateway's container asks: it may also remove, create and copy models.";
        yield return $"The context length is set to {stack.ContextLength}: on GPUs below 24 GB Ollama would cut prompts at 4096 tokens "
            + "without a word.";
        if (stack.ModelMemory is { IsReckoned: true, Parallel: > 1 } memory)
            yield return $"Ollama answers {memory.Parallel} requests at a time, because their caches fit the GPU beside the weights; "
                + "by itself it takes one, and completions wait behind a chat answer.";
        if (machine.Value("keep_alive") == "-1")
            yield return "Models stay loaded (keep-alive -1) and are loaded before anybody asks: GitLab's check waits 15 seconds, 3 "
                + "before 19.3.";
    }
}
