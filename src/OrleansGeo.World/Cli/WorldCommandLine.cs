using System.CommandLine;
using System.CommandLine.Invocation;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Cli;

/// <summary>The program: parses the command, carries it out, and ends every failure in one line on standard error and an exit code.</summary>
internal static class WorldCommandLine
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var result = CreateRoot().Parse(arguments);
        if (result.Action is ParseErrorAction)
        {
            return Fail($"{result.Errors[0].Message} ('--help' shows the options.)", ExitCodes.Usage);
        }

        try
        {
            return await result.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (WorldException exception)
        {
            return Fail(exception.Message, exception.ExitCode);
        }
        catch (OperationCanceledException)
        {
            return Fail("Stopped.", ExitCodes.Failure);
        }
        catch (Exception exception)
        {
            return Fail($"Failed: {exception.GetBaseException().Message}", ExitCodes.Failure);
        }
    }

    public static RootCommand CreateRoot()
    {
        var root = new RootCommand("OrleansGeo's development world: several regions on this machine.");
        RunCommand.Configure(root);
        root.Add(RunCommand.Configure(new Command("run", "Start every region as its own process, until Ctrl+C. The default.")));
        root.Add(StartCommand.Create());
        root.Add(ReplayCommand.Create());
        root.Add(DrillCommand.Create());
        root.Add(RegionCommand.Create());
        return root;
    }

    private static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine(message);
        return exitCode;
    }
}
