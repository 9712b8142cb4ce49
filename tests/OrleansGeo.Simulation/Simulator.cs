using System.Diagnostics;

namespace OrleansGeo.Simulation;

/// <summary>Runs seeds.</summary>
internal static class Simulator
{
    /// <summary>What went wrong with a seed; null when nothing did.</summary>
    public static string? Run(ulong seed, SimFault fault = SimFault.None, Action<string>? trace = null, Func<SimConfig, SimConfig>? adjust = null)
    {
        ThrowingListener.Install();
        var world = new SimWorld(seed, fault, trace, adjust);
        try
        {
            world.Run();
            return null;
        }
        catch (Exception exception) when (exception is SimViolation or InvalidOperationException or ArgumentException or NullReferenceException)
        {
            var what = exception is SimViolation ? exception.Message : exception.ToString();
            return $"seed {seed} at {world.Events.Now} µs: {what}{Environment.NewLine}Again, with its trace: dotnet run --project tests/OrleansGeo.Simulation -- --seed {seed}{(fault == SimFault.None ? "" : $" --fault {fault}")} --trace";
        }
    }

    /// <summary>A failed assertion of the protocol is a finding, not the end of the process.</summary>
    private sealed class ThrowingListener : TraceListener
    {
        private static readonly Lock Gate = new();
        private static bool _installed;

        public static void Install()
        {
            lock (Gate)
            {
                if (!_installed)
                {
                    _installed = true;
                    System.Diagnostics.Trace.Listeners.Clear();
                    System.Diagnostics.Trace.Listeners.Add(new ThrowingListener());
                }
            }
        }

        public override void Fail(string? message, string? detailMessage) => throw new InvalidOperationException($"Assertion failed: {message} {detailMessage}");

        public override void Write(string? message)
        {
        }

        public override void WriteLine(string? message)
        {
        }
    }
}
