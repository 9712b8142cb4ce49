using Azure;
using Azure.Data.Tables;
using Azure.Identity;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>How the failures of a store in Azure Tables are told: what, where, and what to do.</summary>
internal sealed class StoreFailures(string table, Uri account)
{
    private const string Replace =
        "Stop the region, give it another TableName and start again: the region then copies its shards from the others";

    public string Description { get; } = $"Azure Tables store '{table}' of {account}";

    public RegionStoreException Failure(RegionStoreFailure failure, string what, string whatToDo, Exception? inner = null) =>
        new(failure, $"{Description} {what.ReplaceLineEndings(" ")}. {whatToDo}.", inner);

    public RegionStoreException Corrupt(string what) => Failure(RegionStoreFailure.Corrupt, $"is damaged: {what}", Replace);

    public RegionStoreException Unavailable(string what, Exception? inner = null) =>
        Failure(RegionStoreFailure.Unavailable, what, "Repeat the call later", inner);

    /// <summary>Another writer was first: the conditions of a transaction did not hold, and nothing of it was done.</summary>
    public static bool IsConflict(Exception exception) =>
        exception is RequestFailedException { Status: 412 or 409 or 404 } failed && failed.ErrorCode is not ("TableNotFound" or "TableBeingDeleted");

    public static bool IsMissingTable(Exception exception) => exception is RequestFailedException { Status: 404, ErrorCode: "TableNotFound" };

    /// <summary>Whether the request may have taken effect, although it failed: no answer, or one that does not say.</summary>
    public static bool IsUnknown(Exception exception) => exception is not RequestFailedException { Status: >= 400 and < 500 and not 408 };

    /// <summary>Whether it is the account's failure, and not a mistake of this program.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is RequestFailedException or IOException or HttpRequestException or AggregateException or OperationCanceledException or AuthenticationFailedException;

    /// <param name="exception">What the client threw.</param>
    /// <param name="doing">Completes "cannot …".</param>
    public RegionStoreException From(Exception exception, string doing)
    {
        var inner = exception is AggregateException { InnerExceptions: [.., var last] } ? last : exception;
        if (inner is RequestFailedException { Status: 413 } or RequestFailedException { ErrorCode: "EntityTooLarge" or "RequestBodyTooLarge" or "PropertyValueTooLarge" })
        {
            return Failure(RegionStoreFailure.TooLarge, $"cannot {doing}: the account does not take so much in one row or request", "Make it smaller", exception);
        }

        var (what, whatToDo) = inner switch
        {
            AuthenticationFailedException => (
                FirstLine(inner), "Give this process a managed identity, or sign in, or set Credential"),
            RequestFailedException { Status: 401 } => (
                "the account does not accept the identity's token", "Check that ServiceUri names an account of the identity's tenant"),
            RequestFailedException { Status: 403 } failed => (
                $"it is not allowed ({failed.ErrorCode ?? "403"})",
                "Give the identity the role 'Storage Table Data Contributor' on this account (it may take half an hour to act), and check the account's network rules"),
            _ when IsMissingTable(inner) => (
                "the table does not exist", "Check that ServiceUri and TableName name the region's account and table; if it was deleted, start the region again: it then copies its shards from the others"),
            RequestFailedException { Status: 429 or 503 } => (
                "the account is throttled or busy", "Repeat the call later; if it stays so, the load is past the account's limits"),
            RequestFailedException { Status: 0 } or IOException or HttpRequestException => (
                $"the account cannot be reached: {FirstLine(inner)}", "Check that ServiceUri names an account that exists, and the network on the way to it"),
            OperationCanceledException => (
                "there was no answer in time", "Repeat the call later; check the network on the way to the account"),
            RequestFailedException failed => ($"the account answered {failed.Status} {failed.ErrorCode}", "Repeat the call later"),
            _ => (FirstLine(inner), "Repeat the call later"),
        };
        return Failure(RegionStoreFailure.Unavailable, $"cannot {doing}: {what}", whatToDo, exception);
    }

    private static string FirstLine(Exception exception) => exception.Message.Split('\n', 2)[0].Trim().TrimEnd('.');
}
