using Orleans.CodeGeneration;

namespace OrleansGeo.Runtime.Enumeration;

/// <summary>The elements of a user's method, each of which passes the gate. The method is called by the first step, inside the gate, too.</summary>
internal sealed class GatedEnumerable<T>(IAsyncEnumerableRequest<T> request, IEnumerationGate gate) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(request, gate, cancellationToken);

    private sealed class Enumerator : IAsyncEnumerator<T>
    {
        private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(1);

        private readonly IAsyncEnumerableRequest<T> _request;
        private readonly IEnumerationGate _gate;
        private readonly CancellationToken _cancellationToken;
        private readonly bool _isRead;
        private readonly Func<Task<bool>> _step;
        private IEnumerationPlace? _place;
        private Task<bool>? _running;
        private IAsyncEnumerator<T>? _inner;

        public Enumerator(IAsyncEnumerableRequest<T> request, IEnumerationGate gate, CancellationToken cancellationToken)
        {
            _request = request;
            _gate = gate;
            _cancellationToken = cancellationToken;
            _isRead = (request.Options & InvokeMethodOptions.ReadOnly) != 0;
            _step = MoveInnerAsync;
        }

        public T Current => _inner is null ? default! : _inner.Current;

        public async ValueTask<bool> MoveNextAsync()
        {
            if (_place is null)
            {
                _place = await _gate.BeginAsync(_isRead);
                _request.SetTarget(_place.Target);
            }

            return await _place.StepAsync(_step);
        }

        // What an iterator does at its end is part of the method. Where it may not run any more, only its resources are let go.
        public async ValueTask DisposeAsync()
        {
            if (_running is { IsCompleted: false })
            {
                // Its object was replaced, and it waits there for what will not come. Orleans has cancelled it, and an iterator is let go when it does not run.
                await EndAfterAsync(_running).WaitAsync(EndsWithin).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            await EndAsync();
        }

        private async Task EndAfterAsync(Task running)
        {
            await running.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            await EndAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }

        private async ValueTask EndAsync()
        {
            try
            {
                if (_inner is { } inner)
                {
                    await inner.DisposeAsync();
                }
            }
            finally
            {
                _place?.End();
                _place = null;
            }
        }

        private Task<bool> MoveInnerAsync() => _running = (_inner ??= _request.InvokeImplementation().GetAsyncEnumerator(_cancellationToken)).MoveNextAsync().AsTask();
    }
}
