"""What the pages of signing in and of one's own account say, Chinese and English side by side."""

from ledger.core.words import Words

SIGN_IN: dict[str, Words] = {
    "sign_in": Words("登录", "Sign in"),
    "sign_out": Words("退出登录", "Sign out"),
    "sign_in_lead": Words(
        "社会组织、区县民政局、领导小组办公室、委员等办理业务的人员由此登录。查阅公开信息无须登录。",
        "For those who act here: organisations, districts, the office, committee members and others. "
        "Reading what is public needs no account.",
    ),
    "login_name": Words("登录名", "Name"),
    "password": Words("密码", "Password"),
    "new_password": Words("新密码", "New password"),
    "password_hint": Words("至少 12 个字，可用一句话。", "At least 12 characters; it may be a sentence."),
    "no_account": Words(
        "账号由管理员开立：收到邀请链接后，自取登录名和密码。忘记密码的，请管理员重发邀请。",
        "An administrator opens accounts: from the link of the invitation you choose a name and a password. "
        "If you forgot your password, ask for another invitation.",
    ),
    "one_click": Words("演示：选择一个身份，一键登录", "Demonstration: sign in with one click"),
    "one_click_lead": Words(
        "仅在演示中、且仅限本机可用。各身份均为虚构。",
        "In the demonstration alone, and from this machine alone. All of them are invented.",
    ),
    "problem_there": Words("未能办理", "There is a problem"),
    "leaving": Words("正在前往统一身份认证", "Going on to the identity provider"),
    "second_factor": Words("第二步验证", "Second step"),
    "second_factor_lead": Words(
        "请打开验证器应用，输入当前显示的六位数字；手机不在身边的，输入一个恢复码。",
        "Open your authenticator app and enter the six digits that it shows, or one of your recovery codes.",
    ),
    "code": Words("验证码", "Code"),
    "go_on": Words("继续", "Continue"),
    "invitation": Words("接受邀请", "Accept the invitation"),
    "invitation_lead": Words(
        "您受邀以“{label}”（{role}）的身份使用民生账本。请自取登录名和密码；此链接只能用一次。",
        "You are invited to act as {label} ({role}). Choose a name and a password; this link works once.",
    ),
    "or_provider": Words("或者，不设密码，以后由此登录：", "Or set no password, and sign in through:"),
    "login_name_hint": Words("3 至 64 个字，不含空格。", "3 to 64 characters, without spaces."),
    "account": Words("我的账号", "My account"),
    "acting_as": Words("当前身份", "You act as"),
    "act_as": Words("改用其他身份", "Act as another"),
    "switch": Words("改用", "Change"),
    "authenticator": Words("验证器应用", "Authenticator app"),
    "authenticator_on": Words(
        "已启用：登录时须另输入验证码。未用的恢复码还有 {left} 个。",
        "In use: signing in asks for a code as well. Unused recovery codes: {left}.",
    ),
    "authenticator_off": Words(
        "未启用。启用后，仅凭密码不能登录。", "Not in use. With it nobody signs in by the password alone."
    ),
    "set_up": Words("启用验证器应用", "Set up an authenticator app"),
    "set_up_lead": Words(
        "用验证器应用扫描二维码，或手工输入密钥，再输入应用显示的六位数字。",
        "Scan the code with your app, or type in the key; then enter the six digits that the app shows.",
    ),
    "key": Words("密钥", "Key"),
    "qr_code": Words("供验证器应用扫描的二维码", "QR code for the authenticator app"),
    "turn_off": Words("停用验证器应用", "Stop using the app"),
    "recovery_codes": Words("恢复码", "Recovery codes"),
    "recovery_codes_lead": Words(
        "请抄下或打印，妥善保存；只显示这一次。手机遗失时，每个可代替验证码用一次。",
        "Write them down or print them; they are shown this once. Each replaces a code of the app once.",
    ),
    "renew_recovery_codes": Words("换一组恢复码", "Make new recovery codes"),
    "sessions": Words("已登录的设备", "Where you are signed in"),
    "signed_in_at": Words("登录于", "Signed in"),
    "last_used": Words("最近使用", "Last used"),
    "this_session": Words("本次登录", "this one"),
    "end_session": Words("退出", "End"),
    "end_others": Words("退出其他全部设备", "End all others"),
    "passkeys": Words("通行密钥", "Passkeys"),
    "passkeys_lead": Words(
        "用指纹、面容或设备密码登录，无须密码和验证码。",
        "Sign in by your fingerprint, your face or the device's own code, without password and app.",
    ),
    "passkey_label": Words("设备名称", "Name of the device"),
    "add_passkey": Words("添加通行密钥", "Add a passkey"),
    "use_passkey": Words("用通行密钥登录", "Sign in with a passkey"),
    "passkey_failed": Words("设备未能提供通行密钥，请重试。", "The device gave no passkey; try again."),
    "tokens": Words("接口令牌", "Tokens for programs"),
    "tokens_lead": Words(
        "程序以令牌代表当前身份读取或办理业务。令牌只显示一次，有效期一年。",
        "Programs read and act in your present role by a token. It is shown once and works for a year.",
    ),
    "account_id": Words("账号编号", "Account"),
    "fresh_token": Words("新令牌，请立即保存：", "The new token; save it now:"),
    "token_label": Words("用途", "What for"),
    "token_kind": Words("权限", "What it may do"),
    "token_reads": Words("只读", "Read alone"),
    "token_all": Words("读取和办理", "Read and act"),
    "token_client": Words("客户端密钥：换取一小时的只读令牌", "Client secret: gets tokens for an hour that read alone"),
    "token_ends": Words("有效期至", "Works until"),
    "never_used": Words("未使用", "Not used yet"),
    "make_token": Words("新建令牌", "Make a token"),
    "replace_token": Words("更换", "Replace"),
    "revoke_token": Words("撤销", "Revoke"),
    "change_password": Words("修改密码", "Change the password"),
    "present_password": Words("现密码", "Present password"),
    "password_changed": Words(
        "密码已修改，其他设备均已退出。", "The password is changed; all other sessions are ended."
    ),
}
