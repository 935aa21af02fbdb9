"""Refusals of those who sign in. None tells whether a name exists."""

from ledger.core.refusal import Kind, Refusal


class SignInFailed(Refusal):
    kind = Kind.UNAUTHENTICATED
    zh, en = "登录名或密码不正确。", "The name or the password is wrong."


class CodeWrong(Refusal):
    kind = Kind.UNAUTHENTICATED
    zh = "验证码不正确、已用过或已过期；请输入验证器应用当前显示的六位数字，或一个未用过的恢复码。"
    en = "The code is wrong, used or expired; enter the six digits that the app shows now, or an unused recovery code."


class TooManySignIns(Refusal):
    kind = Kind.TOO_MANY
    zh = "登录失败次数过多，请在 {retry_after} 秒后再试。"
    en = "Too many attempts to sign in failed; try again in {retry_after} seconds."


class InvitationUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh = "邀请链接无效、已用过或已过期；请向管理员索取新的链接。"
    en = "The invitation is wrong, used or expired; ask the administrator for another."


class NameTaken(Refusal):
    kind = Kind.CONFLICT
    zh, en = "该登录名不能使用，请另取一个。", "This name cannot be used; choose another."


class NameForm(Refusal):
    kind = Kind.INVALID
    zh, en = "登录名须有 3 至 64 个字，且不含空格。", "A name has 3 to 64 characters and no spaces."


class PasswordTooShort(Refusal):
    kind = Kind.INVALID
    zh = "密码须有 {least} 至 {most} 个字，可用一句话。"
    en = "A password has {least} to {most} characters; it may be a sentence."


class PasswordTooPlain(Refusal):
    kind = Kind.INVALID
    zh = "密码不得含登录名，也不得由少于六种字符组成。"
    en = "A password neither contains the name nor is made of fewer than six different characters."


class FormForeign(Refusal):
    kind = Kind.FORBIDDEN
    zh = "此表单不是从本站页面提交的，未予办理；请重新打开页面后再试。"
    en = "The form was not sent from a page of this site, so nothing was done; open the page again and retry."


class SecondFactorMissing(Refusal):
    kind = Kind.CONFLICT
    zh, en = "请先设置验证器应用。", "Set up an authenticator app first."


class ProviderFailed(Refusal):
    kind = Kind.UNAUTHENTICATED
    zh = "统一身份认证未成功，请重新登录；多次不成功的，请告知管理员。"
    en = "The identity provider's answer cannot be used; sign in again, and tell the administrator if it goes on."


class PersonNotLinked(Refusal):
    kind = Kind.FORBIDDEN
    zh = "统一身份认证成功，但此人在民生账本没有账号；请先用邀请链接接受邀请。"
    en = "The identity provider knows you, but you have no account here; accept an invitation first."


class AllAccountsClosed(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = "您的账号均已停用，请联系管理员。", "All of your accounts are closed; ask the administrator."


class PasskeyFailed(Refusal):
    kind = Kind.UNAUTHENTICATED
    zh, en = "通行密钥未能使用，请重试，或用密码登录。", "The passkey did not work; try again, or use your password."
