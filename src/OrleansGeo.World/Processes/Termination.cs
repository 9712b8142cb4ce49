using System.Runtime.InteropServices;

namespace OrleansGeo.World.Processes;

/// <summary>Turns Ctrl+C, SIGTERM and the end of the terminal into a token, so that the program can stop in order.</summary>
internal sealed class Termination : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Termination()
        : this(PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT)
    {
    }

    private Termination(params PosixSignal[] signals)
    {
        foreach (var signal in signals)
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, Request));
        }
    }

    public CancellationToken Requested => _requested.Token;

    /// <summary>For a region's process: Ctrl+C reaches the whole group, but it is the world that decides when its regions stop.</summary>
    public static Termination OfRegion() => new(PosixSignal.SIGTERM);

    /// <summary>Swallows Ctrl+C until disposed.</summary>
    public static IDisposable IgnoreInterrupt() => PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _requested.Dispose();
    }

    private void Request(PosixSignalContext context)
    {
        context.Cancel = true;
        _requested.Cancel();
    }
}
