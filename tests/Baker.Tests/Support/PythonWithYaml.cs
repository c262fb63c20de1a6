using Xunit;

namespace Baker.Tests.Support;

/// <summary>Python with the YAML parser that cloud-init and the scripts of a VM use.</summary>
public static class PythonWithYaml
{
    public static async Task<Tool> WantedAsync()
    {
        var python = Tool.Wanted("python3", "python3");
        if ((await python.RunAsync("-c", "import yaml")).Code != 0)
            Assert.Skip("Python's yaml is not here; Debian has it in the package python3-yaml");
        return python;
    }
}
