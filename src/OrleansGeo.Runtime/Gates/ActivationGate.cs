using System.Diagnostics;

namespace OrleansGeo.Runtime.Gates;

/// <summary>
/// The input gate of one activation: one writer, or any number of readers, in the order in which they came.
/// Used only on the activation's own scheduler, one thread at a time; it needs no lock.
/// </summary>
internal sealed class ActivationGate
{
    private readonly Queue<Waiter> _waiters = new();
    private int _readers;
    private bool _hasWriter;

    public bool HasReaders => _readers > 0;

    /// <summary>Enters with other readers if nobody waits and no writer is inside.</summary>
    public bool TryEnterShared()
    {
        if (_hasWriter || _waiters.Count > 0)
        {
            return false;
        }

        _readers++;
        return true;
    }

    public Task EnterSharedAsync() => TryEnterShared() ? Task.CompletedTask : Wait(isWriter: false);

    public Task EnterExclusiveAsync()
    {
        if (!_hasWriter && _readers == 0 && _waiters.Count == 0)
        {
            _hasWriter = true;
            return Task.CompletedTask;
        }

        return Wait(isWriter: true);
    }

    public void ExitShared()
    {
        Debug.Assert(_readers > 0, "Nobody is inside.");
        _readers--;
        Admit();
    }

    public void ExitExclusive()
    {
        Debug.Assert(_hasWriter, "No writer is inside.");
        _hasWriter = false;
        Admit();
    }

    /// <summary>The writer goes on as a reader: it prepared the state for itself and for the readers behind it.</summary>
    public void Downgrade()
    {
        Debug.Assert(_hasWriter, "No writer is inside.");
        _hasWriter = false;
        _readers++;
        Admit();
    }

    private Task Wait(bool isWriter)
    {
        var waiter = new Waiter(isWriter);
        _waiters.Enqueue(waiter);
        return waiter.Task;
    }

    private void Admit()
    {
        while (!_hasWriter && _waiters.TryPeek(out var next) && (!next.IsWriter || _readers == 0))
        {
            _waiters.Dequeue();
            if (next.IsWriter)
            {
                _hasWriter = true;
            }
            else
            {
                _readers++;
            }

            next.SetResult();
        }
    }

    private sealed class Waiter(bool isWriter) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public bool IsWriter { get; } = isWriter;
    }
}
