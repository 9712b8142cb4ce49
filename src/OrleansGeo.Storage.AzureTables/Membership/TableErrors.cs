using Azure;
using Azure.Data.Tables.Models;

namespace OrleansGeo.Storage.AzureTables.Membership;

/// <summary>What an answer of the table service means for a membership table.</summary>
internal static class TableErrors
{
    public static string TableNotFound { get; } = TableErrorCode.TableNotFound.ToString();

    private static readonly string[] s_rowNotFound = [TableErrorCode.ResourceNotFound.ToString(), TableErrorCode.EntityNotFound.ToString()];

    private static readonly string[] s_tableIsThereOrGoing = [TableErrorCode.TableAlreadyExists.ToString(), TableErrorCode.TableBeingDeleted.ToString()];

    /// <summary>Somebody else was first: a row has another ETag (412), is there already (409), or is not there any more (404).</summary>
    public static bool IsContention(RequestFailedException exception) => exception.Status switch
    {
        412 => true,
        409 => !s_tableIsThereOrGoing.Contains(exception.ErrorCode),
        404 => s_rowNotFound.Contains(exception.ErrorCode),
        _ => false,
    };

    public static bool IsMissingTable(RequestFailedException exception) => exception.Status == 404 && exception.ErrorCode == TableNotFound;
}
