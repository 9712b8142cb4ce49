using System.Diagnostics;
using OrleansGeo.Runtime.Shards.Moves;

namespace OrleansGeo.World.Moves;

/// <summary>Ends this process where a move of an entity has come so far, in whichever silo of it: the step is done, and nobody was told.</summary>
internal sealed class MoveKill(Action kill)
{
    private volatile MoveKillView _view = new(null);

    public MoveKillView View
    {
        get => _view;
        set => _view = value;
    }

    /// <summary>SIGKILL to this process: it stores and says nothing more.</summary>
    public static void KillProcess()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }

    /// <summary>Watches a silo's homes, while the region starts.</summary>
    public void Watch(IMoveSteps steps) => steps.Passed += (step, _) =>
    {
        if (step.ToString() == _view.KillAt)
        {
            kill();
        }
    };
}
