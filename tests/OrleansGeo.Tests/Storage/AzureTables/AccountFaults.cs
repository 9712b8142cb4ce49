using Azure.Core;
using Azure.Core.Pipeline;

namespace OrleansGeo.Tests.Storage.AzureTables;

/// <summary>Faults between a store and its account. They apply to writes, in the order in which they were asked for, and to whatever is sent while it is down.</summary>
internal sealed class AccountFaults : HttpPipelinePolicy
{
    private readonly Lock _gate = new();
    private readonly Queue<AccountFault> _faults = new();
    private Func<Task>? _before;
    private int _writes;
    private int _downAt = int.MaxValue;
    private bool _answersLast;

    /// <summary>Requests that write, repetitions included.</summary>
    public int Writes => Volatile.Read(ref _writes);

    /// <summary>What every request meets while it is down; null while it is up.</summary>
    public AccountFault? Down { get; set; }

    public void Next(AccountFault fault, int count = 1)
    {
        lock (_gate)
        {
            for (var i = 0; i < count; i++)
            {
                _faults.Enqueue(fault);
            }
        }
    }

    /// <summary>Does something when the next write is about to be sent, for instance write something else.</summary>
    public void BeforeNextWrite(Func<Task> action)
    {
        lock (_gate)
        {
            _before = action;
        }
    }

    /// <summary>As the death of a process: lets so many more writes through, and nothing after them.</summary>
    /// <param name="writes">How many.</param>
    /// <param name="answersLast">Whether the last of them is answered.</param>
    public void EndAfter(int writes, bool answersLast)
    {
        lock (_gate)
        {
            (_downAt, _answersLast) = (_writes + writes, answersLast);
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("A store does not block.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Func<Task>? before = null;
        AccountFault? fault = Down;
        lock (_gate)
        {
            if (_writes >= _downAt)
            {
                fault = AccountFault.RequestLost;
            }
            else if (message.Request.Method != RequestMethod.Get)
            {
                _writes++;
                (before, _before) = (_before, null);
                fault ??= _faults.TryDequeue(out var next) ? next : null;
                fault ??= _writes == _downAt && !_answersLast ? AccountFault.AnswerLost : null;
            }
        }

        if (before is not null)
        {
            await before();
        }

        switch (fault)
        {
            case AccountFault.Busy:
                message.Response = new FaultResponse(503, "ServerBusy");
                break;
            case AccountFault.Conflict:
                message.Response = new FaultResponse(409, "EntityAlreadyExists");
                break;
            case AccountFault.Forbidden:
                message.Response = new FaultResponse(403, "AuthorizationPermissionMismatch");
                break;
            case AccountFault.RequestLost:
                throw new IOException("The connection was reset before the request was sent (a test's fault).");
            case AccountFault.AnswerLost:
                await ProcessNextAsync(message, pipeline);
                throw new IOException("The connection was reset before the answer came (a test's fault).");
            case AccountFault.FailedAfterEffect:
                await ProcessNextAsync(message, pipeline);
                message.Response = new FaultResponse(500, "InternalError");
                break;
            default:
                await ProcessNextAsync(message, pipeline);
                break;
        }
    }
}
