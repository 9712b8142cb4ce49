using System.Diagnostics;

namespace OrleansGeo.World.Processes;

/// <summary>How this program is started: by its own executable, or by <c>dotnet</c> and its assembly.</summary>
internal static class SelfCommand
{
    public static ProcessStartInfo Create(params string[] arguments)
    {
        var executable = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is unknown to the system.");
        var start = new ProcessStartInfo(executable)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (Path.GetFileNameWithoutExtension(executable).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(typeof(SelfCommand).Assembly.Location);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    /// <summary>What a person types to give this program a command: by the project from the repository's root, else by name.</summary>
    public static string Hint(string command)
    {
        const string project = "src/OrleansGeo.World";
        return Directory.Exists(project)
            ? $"dotnet run -c Release --project {project} -- {command}"
            : $"{Path.GetFileNameWithoutExtension(typeof(SelfCommand).Assembly.Location)} {command}";
    }
}
