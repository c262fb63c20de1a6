namespace Baker.Stack.Roles.Ollama;

/// <summary>The role's section, for those who know it.</summary>
public static class OllamaSection
{
    extension(Spec spec)
    {
        public OllamaSpec Ollama => (OllamaSpec)spec.Sections[OllamaRole.Itself.Name];
    }
}
