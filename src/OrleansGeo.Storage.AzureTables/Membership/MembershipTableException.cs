using Azure;
using Orleans.Runtime;

namespace OrleansGeo.Storage.AzureTables.Membership;

/// <summary>The membership table could not be read or written, or holds what cannot be read. The message says what happened, where, and what to do.</summary>
internal sealed class MembershipTableException : OrleansException
{
    internal MembershipTableException(string message, Exception? innerException = null)
        : base(message, innerException!)
    {
    }

    /// <summary>What the service answered, or why it did not.</summary>
    internal static MembershipTableException Failed(string table, string doing, Exception exception)
    {
        // The client wraps what each of several attempts met into an AggregateException.
        var cause = exception is AggregateException { InnerException: { } first } ? first : exception;
        var refused = cause as RequestFailedException;
        var advice = refused?.Status switch
        {
            401 or 403 => "Give this process's identity the role Storage Table Data Contributor on the table (a client: Reader); a new role takes up to 30 minutes.",
            404 when refused.ErrorCode == TableErrors.TableNotFound => "The table was deleted while the cluster ran: start the silos again.",
            404 => "The row was removed, as one of a dead silo: start that silo again.",
            _ => "Orleans tries again; if it goes on, look at the account's address, its network rules and its health.",
        };
        var answer = refused is { Status: not 0 } ? $"{refused.Status} {refused.ErrorCode}" : FirstLine(cause);
        return new($"Membership table {table} failed while {doing}: {answer}. {advice}", exception);
    }

    internal static MembershipTableException Malformed(string table, string partition, string row, string problem) =>
        new($"Row '{row}' of partition '{partition}' in membership table {table} is malformed: {problem} Correct it, or delete it if its silo is gone.");

    private static string FirstLine(Exception exception) => exception.Message.Split('\n', 2)[0].Trim().TrimEnd('.');
}
